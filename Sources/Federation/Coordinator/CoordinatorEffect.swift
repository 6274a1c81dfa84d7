import Messages

/// What a coordinator wants done; its driver does it in order.
public enum CoordinatorEffect: Sendable {
    /// Send a message; a peer that is gone is no error.
    case send(frames: [[UInt8]], to: PeerID)
    /// End the connection of a peer, after what was sent to it.
    case disconnect(PeerID)
    /// Store a published version in one piece, before any later effect is done.
    case persist(CoordinatorRecord)
    /// Store a release whose version was not published, before any later effect is done.
    case keep(PrivacyRelease)
    /// Note that an attempt at a round begins, before any later effect is done.
    case journal(RoundAttempt)
    /// Store a new client and that its token is used, and let its transport key connect, before any later effect.
    case enrol(RosterEntry, token: PeerID)
    /// Evaluate a model and answer with `evaluated`.
    case evaluate(EvaluationRequest)
    /// Tell people what happened in an attempt.
    case report(RoundReport)
    /// Call with `tick` at this time; a later one replaces it.
    case wake(at: Duration)
    /// It is over; nothing follows.
    case finished(FinishReport)
    /// Something that an operator should know.
    case warn(String)
}

/// An attempt at a round.
public struct RoundAttempt: Hashable, Codable, Sendable {
    /// Counts from 1.
    public var round: Int
    /// 0, or how often this round was begun before, restarts included.
    public var attempt: Int
    /// How often this round fell below quorum; decides which cohort is drawn.
    public var failures: Int

    /// Makes the value from its fields.
    public init(round: Int, attempt: Int, failures: Int) {
        self.round = round
        self.attempt = attempt
        self.failures = failures
    }
}
