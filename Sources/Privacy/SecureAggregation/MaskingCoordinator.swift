import Encryption

/// The coordinator's side of one session of secure aggregation, without I/O.
///
/// Adverts → deals → uploads → reveals; each phase is closed by its own call, which throws `belowThreshold` when too
/// few clients are left. Uploads are added modulo 2^bits as they come, so memory is one upload and the sealed shares.
public struct MaskingCoordinator: Sendable {
    /// The sum that is left when all masks are off.
    public struct Outcome: Hashable, Sendable {
        /// Sum of the values of all survivors.
        public let sum: [Int32]
        /// Numbers of the clients in it, ascending.
        public let clients: [Int]
        /// Shares that were thrown away because they lie off their dealer's polynomial.
        public let corrupt: [MaskingError]
    }

    /// What the session belongs to.
    public let context: MaskingContext
    /// Nil before the adverts are closed.
    public internal(set) var session: MaskingSession?
    let identity: SigningKeyPair
    var adverts: [Int: MaskingRoster.Peer] = [:]
    /// Adverts by position, once they are closed.
    var peers: [Int: MaskingRoster.Peer] = [:]
    var deals: [Int: MaskingDeal] = [:]
    /// Positions whose deals were handed on; nil before that.
    var dealers: Set<Int>?
    var survivors: Set<Int> = []
    var sum = MaskedVector(count: 0, bits: MaskedVector.bitsRange.lowerBound)
    var request: UnmaskRequest?
    var reveals: [Int: [Int: GroupScalar]] = [:]

    /// Waits for adverts.
    ///
    /// - Parameter identity: signs the survivor list.
    public init(context: MaskingContext, identity: SigningKeyPair) {
        self.context = context
        self.identity = identity
    }

    /// Takes the keys of a client; a second, different advert of the same client is refused.
    ///
    /// - Parameter identity: the client's Ed25519 key from the roster, 32 bytes.
    /// - Throws: `MaskingError.badSignature`, `.lowOrderPoint`, which would make every peer give up, `.outOfOrder`.
    public mutating func receive(_ advert: MaskingAdvert, identity: [UInt8]) throws(MaskingError) {
        guard advert.isSigned(by: identity, context: context) else { throw .badSignature(client: advert.client) }
        guard !advert.hasLowOrderKey else { throw .lowOrderPoint(client: advert.client) }
        let peer = MaskingRoster.Peer(identity: identity, advert: advert)
        if let known = adverts[advert.client] {
            guard known == peer else { throw .outOfOrder }
            return
        }
        guard session == nil else { throw .outOfOrder }
        adverts[advert.client] = peer
    }

    /// Number of adverts so far.
    public var advertCount: Int { adverts.count }

    /// Closes the adverts: who has none by now takes no part.
    ///
    /// - Parameter rules: made for so many clients.
    /// - Throws: `MaskingError.cohortTooSmall`, `.valuesOutOfRange` when their sum would not fit.
    public mutating func begin(
        rules: (_ clients: Int) -> MaskingRules
    ) throws(MaskingError) {
        guard session == nil else { throw .outOfOrder }
        let clients = adverts.keys.sorted()
        guard MaskingThreshold.clientRange.contains(clients.count) else {
            throw .cohortTooSmall(actual: clients.count, minimum: MaskingThreshold.clientRange.lowerBound)
        }
        let rules = rules(clients.count)
        guard rules.bits(clients: clients.count) <= MaskedVector.bitsRange.upperBound else { throw .valuesOutOfRange }
        peers = Dictionary(
            uniqueKeysWithValues: clients.enumerated().compactMap { position, client in
                adverts[client].map { (position, $0) }
            })
        let digests = clients.compactMap { adverts[$0].map { $0.advert.digest(identity: $0.identity) } }
        let session = MaskingSession(context: context, rules: rules, clients: clients, digests: digests)
        sum = MaskedVector(count: rules.count, bits: session.bits)
        self.session = session
    }

    /// What a client of the session is sent; nil for others.
    public func roster(for client: Int) -> MaskingRoster? {
        guard let session, let position = session.position(of: client) else { return nil }
        let isComplete = session.graph.degree == session.clients.count - 1
        return MaskingRoster(
            rules: session.rules, clients: session.clients, peers: peers,
            positions: isComplete ? nil : session.holders(of: position))
    }

    /// Takes a client's commitments and sealed shares.
    ///
    /// - Throws: `MaskingError.malformed`, `.outOfOrder` for a second, different deal, a client without an advert, or
    ///   after the deals were handed on.
    public mutating func receive(deal raw: [UInt8], from client: Int) throws(MaskingError) {
        guard let session, let position = session.position(of: client) else { throw .outOfOrder }
        let deal = try MaskingDeal(
            raw, threshold: session.rules.choice.threshold, neighbours: session.graph.neighbours(of: position))
        if let known = deals[position] {
            guard known == deal else { throw .outOfOrder }
            return
        }
        guard dealers == nil else { throw .outOfOrder }
        deals[position] = deal
    }

    /// Number of deals so far.
    public var dealCount: Int { deals.count }

    /// Closes the deals: who has not dealt by now takes no part.
    ///
    /// - Throws: `MaskingError.belowThreshold`.
    public mutating func handOn() throws(MaskingError) {
        guard let session, dealers == nil else { throw .outOfOrder }
        try requireThreshold(Set(deals.keys), session)
        dealers = Set(deals.keys)
    }

    /// The shares that were dealt to a client, and by whom; nil for clients that have not dealt themselves.
    public func delivery(for client: Int) -> [UInt8]? {
        guard let session, let dealers, let position = session.position(of: client), dealers.contains(position) else {
            return nil
        }
        var bytes = MaskingBytes.bitmap(dealers, count: session.clients.count)
        for neighbour in session.graph.neighbours(of: position) where dealers.contains(neighbour) {
            bytes += deals[neighbour]?.sealed[position] ?? []
        }
        return bytes
    }

    /// Every client must have enough holders among those who are left.
    func requireThreshold(_ left: Set<Int>, _ session: MaskingSession) throws(MaskingError) {
        let threshold = session.rules.choice.threshold
        if session.graph.degree == session.clients.count - 1 {
            guard left.count >= threshold else { throw .belowThreshold(actual: left.count, needed: threshold) }
            return
        }
        for position in dealers ?? left {
            let holders = session.holders(of: position).count(where: left.contains)
            guard holders >= threshold else { throw .belowThreshold(actual: holders, needed: threshold) }
        }
    }
}

/// What one client dealt.
struct MaskingDeal: Hashable, Sendable {
    /// Encoded commitments to the polynomials of the mask key and of the seed, one behind the other.
    let commitments: [UInt8]
    /// Sealed shares by the holder's position.
    let sealed: [Int: [UInt8]]

    init(_ raw: [UInt8], threshold: Int, neighbours: [Int]) throws(MaskingError) {
        var bytes = MaskingBytes(raw)
        commitments = try bytes.take(2 * threshold * GroupElement.byteCount, "commitments")
        var sealed: [Int: [UInt8]] = [:]
        for neighbour in neighbours {
            sealed[neighbour] = try bytes.take(MaskingClient.sealedByteCount, "sealed shares")
        }
        try bytes.finish()
        self.sealed = sealed
    }

    /// The commitments to one of the two polynomials; nil when one of them is no element of the group.
    func polynomial(ofSeed: Bool) -> [GroupElement]? {
        let half = commitments.count / 2
        let part = ofSeed ? commitments[half...] : commitments[..<half]
        let elements = stride(from: part.startIndex, to: part.endIndex, by: GroupElement.byteCount).compactMap {
            GroupElement(part[$0..<($0 + GroupElement.byteCount)])
        }
        return elements.count == half / GroupElement.byteCount ? elements : nil
    }
}
