/// Foretells when a run ends from the pace of its last rounds.
public struct RoundPace: Sendable {
    private var recent: [Double] = []
    private static let window = 10

    /// Knows nothing yet.
    public init() {}

    /// Takes in a round and tells how long those ahead will take at the mean pace of the last ten.
    ///
    /// - Parameters:
    ///   - seconds: duration of the round that ended.
    ///   - ahead: rounds still to come, 0 or more.
    public mutating func timeLeft(after seconds: Double, ahead: Int) -> Duration {
        if recent.count == Self.window { recent.removeFirst() }
        recent.append(seconds)
        return .seconds(recent.reduce(0, +) / Double(recent.count) * Double(ahead))
    }
}
