/// What one client did in one attempt at a round, as its coordinator saw it.
public struct ClientRound: Hashable, Codable, Sendable {
    /// How it ended; the raw values are part of the format of `clients.csv`.
    public enum Outcome: String, Hashable, Codable, CaseIterable, Sendable {
        /// Its update went into the model.
        case accepted
        /// No answer came in time.
        case late
        /// Its update was refused.
        case rejected
        /// It did not want to train.
        case declined
    }

    /// Number in the roster.
    public var client: Int
    /// How it ended.
    public var outcome: Outcome
    /// From the announcement to the answer, in seconds; nil: none came.
    public var seconds: Double?
    /// What was sent, in order.
    public var legs: [WireLeg]

    /// Makes the value from its fields.
    public init(client: Int, outcome: Outcome, seconds: Double?, legs: [WireLeg]) {
        self.client = client
        self.outcome = outcome
        self.seconds = seconds
        self.legs = legs
    }
}
