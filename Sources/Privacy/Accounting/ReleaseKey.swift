/// Names one release of noisy data in a run.
public struct ReleaseKey: Hashable, Codable, Sendable, Comparable {
    /// Round of the run; at least 0.
    public let round: Int
    /// 0 for the first release of the round. A round that is run again with fresh noise takes the next attempt.
    public let attempt: Int

    /// Names the release of a round.
    public init(round: Int, attempt: Int = 0) {
        self.round = round
        self.attempt = attempt
    }

    /// By round, then by attempt.
    public static func < (left: ReleaseKey, right: ReleaseKey) -> Bool {
        (left.round, left.attempt) < (right.round, right.attempt)
    }
}
