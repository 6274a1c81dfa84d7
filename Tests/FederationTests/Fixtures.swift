import Encryption
import Federation
import Messages
import Synchronization
import Tensors

/// Values that every test of the round logic starts from.
enum Fixtures {
    static let federation = FederationID(unchecked: [UInt8](repeating: 7, count: 16))

    static func peer(_ number: Int) -> PeerID {
        PeerID(unchecked: Array(Blake2b256.hash(Array("peer \(number)".utf8))))
    }

    static func identity() throws -> SigningKeyPair { try SigningKeyPair(seed: [UInt8](repeating: 3, count: 32)) }

    static func coordinatorKey() throws -> PublicKeyBytes { PublicKeyBytes(unchecked: try identity().publicKey) }

    /// Bytes that follow from a seed: what a test uses instead of the system's generator.
    static func entropy(_ seed: UInt64) -> @Sendable (Int) -> [UInt8] {
        let state = Mutex(SeededRandom(Seed(seed)))
        return { count in
            state.withLock { random in (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
        }
    }

    static func roster(_ clients: Int) -> Roster {
        Roster(
            entries: (0..<clients).map { RosterEntry(number: $0, name: "client \($0)", transportKey: peer($0)) })
    }

    /// Signs rosters.
    static func root() throws -> SigningKeyPair { try SigningKeyPair(seed: [UInt8](repeating: 9, count: 32)) }

    static func rootKey() throws -> PublicKeyBytes { PublicKeyBytes(unchecked: try root().publicKey) }

    static func clientIdentity(_ number: Int) throws -> SigningKeyPair {
        try SigningKeyPair(seed: Blake2b256.hash(Array("identity \(number)".utf8)))
    }

    /// Clients whose identities are known, the first `signed` of them on a roster that the root has signed.
    static func rootedRoster(_ clients: Int, signed: Int, epoch: Int = 1) throws -> Roster {
        let entries = try (0..<clients).map { number in
            RosterEntry(
                number: number, name: "client \(number)", transportKey: peer(number),
                identityKey: PublicKeyBytes(unchecked: try clientIdentity(number).publicKey))
        }
        let signed = try members(of: Array(entries.prefix(signed)), epoch: epoch)
        return Roster(entries: entries, signed: signed)
    }

    /// What clients get of a roster that a root, by default the one that is pinned, has signed.
    static func members(
        of entries: [RosterEntry], epoch: Int, federation: FederationID = federation, by root: SigningKeyPair? = nil
    ) throws -> MemberList {
        let root = try root ?? Self.root()
        let text = SignedRoster(federation: federation, epoch: epoch, entries: entries).signed(by: root)
        return try SignedRoster.read(text, root: PublicKeyBytes(unchecked: root.publicKey)).members
    }

    static func parameters(up: String = "int8", down: Compression.Downlink = .int8) -> FederationParameters {
        FederationParameters(
            name: "test", federation: federation, seed: 5, model: "{}", compression: Compression(up: up, down: down))
    }

    static func policy(rounds: Int = 3, clients: Int = 4) -> RoundPolicy {
        RoundPolicy(
            rounds: rounds, minimumClients: clients, deadlineFloor: .seconds(5), deadlineCeiling: .seconds(60),
            retryPause: .seconds(1))
    }

    static func configuration(
        _ model: LinearModel, policy: RoundPolicy, up: String = "int8", down: Compression.Downlink = .int8,
        limits: CoordinatorLimits = CoordinatorLimits(), calibratesFrom calibration: Int? = nil, pointCount: Int = 0,
        rootKey: PublicKeyBytes? = nil
    ) throws -> CoordinatorConfiguration {
        var parameters = parameters(up: up, down: down)
        parameters.plan.calibration = calibration.map { QuantizationRounds(fromRound: $0) }
        return try CoordinatorConfiguration(
            parameters: parameters, policy: policy, layout: model.layout,
            initialParameters: model.initial(seed: parameters.seed),
            activationPointCount: pointCount, limits: limits, rootKey: rootKey)
    }
}
