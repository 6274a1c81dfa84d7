import Messages

/// How a federation ended.
public struct FinishReport: Hashable, Sendable {
    /// Why it ended.
    public enum Outcome: Hashable, Sendable {
        /// All rounds are published.
        case completed
        /// This round failed as often as the policy allows.
        case tooManyFailures(round: Int)
        /// Too few clients came in time.
        case tooFewClients(connected: Int, needed: Int)
        /// One more round would pass the privacy budget; holds ε so far and with that round.
        case budgetSpent(epsilon: Double, next: Double)
        /// The updates of a cohort would not fit the memory that robust aggregation may take.
        case cohortTooLarge(clients: Int, allowed: Int)
        /// The driver asked for it; a restart goes on from the newest version.
        case stopped
    }

    /// Why it ended.
    public var outcome: Outcome
    /// The newest version.
    public var version: UInt32
    /// Its hash, as clients receive it.
    public var modelHash: Digest

    /// Makes the value from its fields.
    public init(outcome: Outcome, version: UInt32, modelHash: Digest) {
        self.outcome = outcome
        self.version = version
        self.modelHash = modelHash
    }
}

extension FinishReport.Outcome {
    /// Whether the federation did what it was to do: all rounds, or all that the privacy budget allowed.
    public var isSuccess: Bool {
        switch self {
        case .completed, .budgetSpent: true
        case .tooManyFailures, .tooFewClients, .cohortTooLarge, .stopped: false
        }
    }
}
