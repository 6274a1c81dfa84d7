import Messages

/// What a client did, for people.
public enum ClientReport: Hashable, Sendable {
    /// The coordinator answered; holds the client's number.
    case welcomed(number: Int)
    /// A model was received and verified.
    case received(version: UInt32, byteCount: Int)
    /// Training begins.
    case training(round: Int)
    /// An update is sent; bytes before sealing.
    case sent(round: Int, byteCount: Int, trainingLoss: Float)
    /// The coordinator answered an update.
    case answered(round: Int, UpdateOutcome)
    /// The client takes no part in a round.
    case declined(round: Int, DeclineReason)
    /// The roster, or a round that is run with it, is not what the pinned root key has signed; holds why.
    case refusedRoster(String)
    /// A message could not be understood and was ignored.
    case ignored(String)
}
