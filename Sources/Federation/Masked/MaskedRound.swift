import Messages
import Privacy

/// The masked lane of an attempt at a round, on the coordinator.
struct MaskedRound: Sendable {
    /// What is waited for.
    enum Stage: String, Hashable, Sendable {
        case keys
        case shares
        case uploads
        case reveals
    }

    var stage = Stage.keys
    var coordinator: MaskingCoordinator
    let rosterHash: Digest
    /// What the hash is of; nil when it is that of the coordinator's own roster.
    let members: MemberList?
    /// Common scales of the round.
    let exponents: [Int]
    /// When the uploads are closed.
    let uploadDeadline: Duration
    /// Time for one exchange of keys, of shares or of reveals.
    let exchangeTime: Duration
    /// Clients that have handed in their part of the stage.
    var done: Set<Int> = []
}
