/// Why a session of secure aggregation cannot go on, or a message of it is refused. Never carries secrets.
public enum MaskingError: Error, Hashable, Sendable {
    /// A message does not have the form of its phase; holds what was wrong.
    case malformed(String)
    /// A message came in a phase in which it has no place.
    case outOfOrder
    /// The advert of a client is not signed by its identity for this very round, model, parameters and roster.
    case badSignature(client: Int)
    /// The list of adverts does not hold this client's own, as it was sent.
    case ownAdvertMissing
    /// A client is not on the roster that the root key has signed, or has another identity there.
    case notOnRoster(client: Int)
    /// A key of a client is a low-order point.
    case lowOrderPoint(client: Int)
    /// The cohort is smaller than this client accepts.
    case cohortTooSmall(actual: Int, minimum: Int)
    /// The threshold is below ⌊2n/3⌋ + 1 of the share holders, or above their number.
    case threshold(actual: Int, minimum: Int)
    /// Fewer clients are left than the threshold; nothing is unmasked.
    case belowThreshold(actual: Int, needed: Int)
    /// A share does not open: it was changed, or belongs to another session, sender, receiver or phase.
    case shareNotAuthentic(client: Int)
    /// The survivor list is not signed by the coordinator for this session.
    case forgedRequest
    /// A client is named alive and dead, or not at all.
    case inconsistentSurvivors
    /// Another survivor list was answered already; shares are given away once.
    case secondRequest
    /// The values do not fit: a wrong number of them, or a magnitude above the one agreed on.
    case valuesOutOfRange
    /// Shares that do not lie on their dealer's committed polynomial; names who sent them.
    case corruptShares(dealer: Int, senders: [Int])
    /// What a client shared is not what it advertised.
    case dishonestDealer(client: Int)
    /// The source of entropy gave fewer bytes than asked for.
    case entropy
}

extension MaskingError: CustomStringConvertible {
    /// What was wrong and what to do.
    public var description: String {
        switch self {
        case .malformed(let what): "a message of the masked lane is malformed: \(what)"
        case .outOfOrder: "a message of the masked lane came out of order"
        case .badSignature(let client): "the keys of client \(client) are not signed by its identity for this round"
        case .ownAdvertMissing: "the coordinator's list does not hold the keys that this client sent"
        case .notOnRoster(let client):
            "client \(client) is not on the roster that the root key has signed, or has another identity there"
        case .lowOrderPoint(let client): "a key of client \(client) is a low-order point"
        case .cohortTooSmall(let actual, let minimum):
            "\(actual) clients are too few to hide among; this client's minimum is \(minimum)"
        case .threshold(let actual, let minimum): "a threshold of \(actual) is refused; allowed is \(minimum) or more"
        case .belowThreshold(let actual, let needed): "\(actual) clients are left but \(needed) are needed"
        case .shareNotAuthentic(let client): "the share from client \(client) does not authenticate"
        case .forgedRequest: "the list of survivors is not signed by the coordinator"
        case .inconsistentSurvivors: "the list of survivors names a client alive and dead, or not at all"
        case .secondRequest: "another list of survivors was answered before"
        case .valuesOutOfRange: "the values do not fit what the session agreed on"
        case .corruptShares(let dealer, let senders): "the shares of client \(dealer) from \(senders) are corrupt"
        case .dishonestDealer(let client): "client \(client) shared other secrets than it advertised"
        case .entropy: "the source of entropy failed"
        }
    }
}
