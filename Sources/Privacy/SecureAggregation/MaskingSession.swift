import Encryption

/// One session of secure aggregation: its clients in the order of their numbers, its rules, and the id that enters
/// every key derivation and every associated data.
public struct MaskingSession: Hashable, Sendable {
    /// What the session belongs to.
    public let context: MaskingContext
    /// What was agreed on.
    public let rules: MaskingRules
    /// Numbers of the clients, ascending; a client's place in it is its position.
    public let clients: [Int]
    /// BLAKE2b-256 over context, rules, numbers and the digests of all signed adverts.
    public let id: [UInt8]
    /// Who shares with whom.
    public let graph: MaskingGraph
    /// Bits of a masked value.
    public let bits: Int
    private let positions: [Int: Int]

    /// - Parameters:
    ///   - digests: of the adverts, in the order of `clients`.
    init(context: MaskingContext, rules: MaskingRules, clients: [Int], digests: [[UInt8]]) {
        self.context = context
        self.rules = rules
        self.clients = clients
        let numbers = clients.flatMap { MaskingBytes.integer($0, 4) }
        id = Blake2b256.hash(
            [context.encoded, rules.encoded, MaskingBytes.integer(clients.count, 4), numbers] + digests,
            personal: Array("swiftlet-masks-1".utf8))
        graph = MaskingGraph(count: clients.count, degree: rules.choice.degree, session: id)
        bits = rules.bits(clients: clients.count)
        positions = Dictionary(uniqueKeysWithValues: clients.enumerated().map { ($1, $0) })
    }

    /// Place of a client; nil when it does not take part.
    public func position(of client: Int) -> Int? { positions[client] }

    /// Positions that hold a share of a client's secrets: its neighbours and itself, ascending.
    func holders(of position: Int) -> [Int] { (graph.neighbours(of: position) + [position]).sorted() }

    // MARK: Keys, all of them gone when the call returns that asked for them

    /// Key and associated data of the shares that `sender` seals for `receiver`, both positions.
    ///
    /// - Parameter shared: of the channel keys of both.
    func sealing(_ shared: SecretBytes, from sender: Int, to receiver: Int) -> (key: SecretBytes, data: [UInt8]) {
        let data =
            id + MaskingBytes.integer(clients[sender], 4) + MaskingBytes.integer(clients[receiver], 4)
            + [AssociatedData.Phase.shares.rawValue]
        var hash = Blake2b256(key: shared, personal: Array("swiftlet-shares1".utf8))
        hash.update(data)
        return (hash.finalizeSecret(isTransient: true), data)
    }

    /// The mask that `position` lays on for its pair with `other`: the first of the two adds it, the second subtracts.
    ///
    /// - Parameter shared: of the mask keys of both.
    func pairMask(_ shared: SecretBytes, of position: Int, with other: Int) -> Mask {
        var hash = Blake2b256(key: shared, personal: Array("swiftlet-pair-v1".utf8))
        hash.update(id)
        for place in [min(position, other), max(position, other)] {
            hash.update(MaskingBytes.integer(clients[place], 4))
        }
        return Mask(key: hash.finalizeSecret(isTransient: true), isSubtracted: position > other)
    }

    /// The mask that a client lays on for itself.
    func selfMask(_ seed: GroupScalar, of position: Int) -> Mask {
        Mask(key: Self.derive(seed, "swiftlet-self-v1", id, clients[position]), isSubtracted: false)
    }

    /// The mask key pair that comes of a shared scalar. X25519 clamps its secrets, so the scalar itself is never one.
    static func maskPair(_ secret: GroupScalar) -> AgreementKeyPair {
        let derived = derive(secret, "swiftlet-mask-v1", [], 0)
        guard let pair = try? AgreementKeyPair(secret: derived.exposed()) else {
            preconditionFailure("a digest has the length of a key")
        }
        return pair
    }

    private static func derive(_ scalar: GroupScalar, _ use: String, _ id: [UInt8], _ client: Int) -> SecretBytes {
        var hash = Blake2b256(key: SecretBytes(scalar.bytes, isTransient: true), personal: Array(use.utf8))
        hash.update(id)
        hash.update(MaskingBytes.integer(client, 4))
        return hash.finalizeSecret(isTransient: true)
    }
}
