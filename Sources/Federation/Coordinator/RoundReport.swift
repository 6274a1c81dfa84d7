import Messages

/// What happened in one attempt at a round.
public struct RoundReport: Hashable, Codable, Sendable {
    /// How the attempt ended.
    public enum Outcome: String, Hashable, Codable, Sendable {
        /// A new version is out.
        case published
        /// Too few updates; the model is what it was.
        case belowQuorum
        /// The new version did not pass the acceptance test; the model is what it was.
        case rejected
    }

    /// Counts from 1.
    public var round: Int
    /// 0, or how often this round was begun before.
    public var attempt: Int
    /// How the attempt ended.
    public var outcome: Outcome
    /// The newest version after the attempt.
    public var version: UInt32
    /// Hash of that version as clients receive it.
    public var modelHash: Digest
    /// Numbers of the clients that were asked, ascending; in buffered rounds, of those whose turn has ended.
    public var cohort: [Int]
    /// Numbers of the clients whose updates count, ascending.
    public var participants: [Int]
    /// Updates and messages that were rejected, by reason; malformed messages of anybody are among them.
    public var rejected: [UpdateOutcome: Int]
    /// Clients that declined, by reason.
    public var declined: [String: Int]
    /// Repeats of updates that were answered again and not counted again.
    public var repeats: Int
    /// Clients of the cohort from which no update came in time.
    public var missing: Int
    /// Training samples behind the participants' updates.
    public var sampleCount: Int
    /// Mean training loss of the participants, weighted by samples; 0 without any.
    public var trainingLoss: Double
    /// Nil when this round is not evaluated.
    public var evaluation: Evaluation?
    /// From the first announcement to the publication, in seconds.
    public var seconds: Double
    /// What was released; nil without differential privacy, or when nothing was.
    public var privacy: PrivacyRelease?
    /// Common scales of the next masked round, in quarters of an octave; nil in the visible lane.
    public var scaleExponents: [Int]?
    /// Versions that the participants' updates are behind, in their order; nil in rounds that wait for everybody.
    public var staleness: [Int]?
    /// Time that the round took on the clients' links, in seconds; nil where updates are taken as they come.
    public var linkSeconds: Double?

    /// Makes the report of an attempt in which nothing happened yet.
    public init(round: Int, attempt: Int, version: UInt32, modelHash: Digest, cohort: [Int]) {
        self.round = round
        self.attempt = attempt
        outcome = .belowQuorum
        self.version = version
        self.modelHash = modelHash
        self.cohort = cohort
        participants = []
        rejected = [:]
        declined = [:]
        repeats = 0
        missing = 0
        sampleCount = 0
        trainingLoss = 0
        evaluation = nil
        seconds = 0
    }
}
