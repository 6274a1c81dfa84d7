import Encryption

/// A client's side of one session of secure aggregation, without I/O (Bonawitz et al. 2017,
/// doi:10.1145/3133956.3133982; neighbourhoods after Bell et al. 2020, doi:10.1145/3372297.3417885).
///
/// Advert → deal → mask → reveal, each once. A message that came before is answered with the same bytes again; after
/// the reveal all secrets are gone. A client that is made anew knows nothing of a former session and can only join
/// another one.
public struct MaskingClient: Sendable {
    /// What a client insists on.
    public struct Limits: Hashable, Sendable {
        /// Smallest cohort that it hides among, 3 or more.
        public var minimumCohort: Int
        /// Ed25519 keys, 32 bytes each, of those who may take part, by number; nil: whomever the coordinator names.
        public var members: [Int: [UInt8]]?

        /// Makes the value from its fields.
        public init(minimumCohort: Int = 3, members: [Int: [UInt8]]? = nil) {
            self.minimumCohort = max(3, minimumCohort)
            self.members = members
        }
    }

    /// The keys, signed.
    public let advert: MaskingAdvert
    /// What the session belongs to.
    public let context: MaskingContext
    /// Nil before the roster has come, and after everything was given up.
    public internal(set) var session: MaskingSession?
    let identity: [UInt8]
    /// What this client insists on.
    public let limits: Limits
    let entropy: @Sendable (Int) -> [UInt8]
    var secrets: Secrets?
    var position = 0
    var peers: [Int: MaskingRoster.Peer] = [:]
    var dealt: [UInt8]?
    /// Sealed shares of neighbours by position, as they came: opened once to be checked, and again to be given away.
    var received: [Int: [UInt8]]?
    var answered: (request: UnmaskRequest, bytes: [UInt8])?

    /// What only this client knows.
    struct Secrets: Sendable {
        let channel: AgreementKeyPair
        let mask: AgreementKeyPair
        let maskSecret: GroupScalar
        let selfSeed: GroupScalar
        /// Its own share of its own self-mask seed.
        var ownShare: GroupScalar?
    }

    /// Makes fresh keys and signs them.
    ///
    /// - Parameters:
    ///   - number: of the client in the roster.
    ///   - entropy: gives as many bytes as asked for, from the system's cryptographic generator.
    /// - Throws: `MaskingError.entropy`.
    public init(
        number: Int, context: MaskingContext, identity: SigningKeyPair, limits: Limits = Limits(),
        entropy: @escaping @Sendable (Int) -> [UInt8]
    ) throws(MaskingError) {
        let maskSecret = try GroupScalar.random(entropy)
        let selfSeed = try GroupScalar.random(entropy)
        let channelSecret = entropy(KeySize.key)
        guard channelSecret.contains(where: { $0 != 0 }), let channel = try? AgreementKeyPair(secret: channelSecret)
        else { throw .entropy }
        let mask = MaskingSession.maskPair(maskSecret)
        secrets = Secrets(channel: channel, mask: mask, maskSecret: maskSecret, selfSeed: selfSeed)
        advert = MaskingAdvert(
            client: number, channelKey: channel.publicKey, maskKey: mask.publicKey, context: context,
            identity: identity)
        self.context = context
        self.identity = identity.publicKey
        self.limits = limits
        self.entropy = entropy
    }

    /// Checks the roster and deals this client's secrets to its neighbours.
    ///
    /// - Returns: commitments and sealed shares, for the coordinator to hand on.
    /// - Throws: `MaskingError`; the client then takes no part.
    public mutating func deal(_ roster: MaskingRoster) throws(MaskingError) -> [UInt8] {
        guard var secrets else { throw .outOfOrder }
        let found = try MaskingSession(checking: roster, context: context)
        if let session, let dealt {
            guard session == found else { throw .outOfOrder }
            return dealt
        }
        try check(roster, session: found)
        let holders = found.holders(of: position)
        let threshold = found.rules.choice.threshold
        let mask = try SharedSecret(
            dealing: secrets.maskSecret, threshold: threshold, to: holders, entropy: entropy)
        let seed = try SharedSecret(dealing: secrets.selfSeed, threshold: threshold, to: holders, entropy: entropy)
        var bytes = (mask.commitments + seed.commitments).flatMap(\.bytes)
        for (index, holder) in holders.enumerated() {
            guard holder != position else {
                secrets.ownShare = seed.shares[index]
                continue
            }
            let shared = try shared(holder, secrets.channel, \.channelKey)
            let (key, data) = found.sealing(shared, from: position, to: holder)
            bytes += SingleUseSeal.seal(
                mask.shares[index].bytes + seed.shares[index].bytes, key: key, associatedData: data)
        }
        self.secrets = secrets
        session = found
        dealt = bytes
        return bytes
    }

    /// Checks signatures, cohort and threshold, and finds this client's own place.
    private mutating func check(_ roster: MaskingRoster, session: MaskingSession) throws(MaskingError) {
        guard session.clients.count >= limits.minimumCohort else {
            throw .cohortTooSmall(actual: session.clients.count, minimum: limits.minimumCohort)
        }
        try checkMembers(roster)
        guard let position = session.position(of: advert.client), let own = roster.peers[position],
            own.advert == advert, own.identity == identity
        else { throw .ownAdvertMissing }
        let holders = session.holders(of: position)
        let floor = MaskingThreshold.floor(holders: holders.count)
        guard (floor...holders.count).contains(session.rules.choice.threshold) else {
            throw .threshold(actual: session.rules.choice.threshold, minimum: floor)
        }
        for holder in holders where holder != position {
            guard let peer = roster.peers[holder] else { throw .malformed("a neighbour's keys are missing") }
            guard peer.advert.isSigned(by: peer.identity, context: context) else {
                throw .badSignature(client: peer.advert.client)
            }
        }
        let keys = holders.compactMap { roster.peers[$0]?.identity }
        guard Set(keys).count == keys.count else { throw .malformed("two clients have one identity") }
        self.position = position
        peers = roster.peers
    }

    /// Nobody takes part whom the root key has not signed. Of clients that are no neighbours only the number is known,
    /// and nothing is shared with them.
    private func checkMembers(_ roster: MaskingRoster) throws(MaskingError) {
        guard let members = limits.members else { return }
        for (position, client) in roster.clients.enumerated() {
            guard let identity = members[client], roster.peers[position].map({ $0.identity == identity }) ?? true else {
                throw .notOnRoster(client: client)
            }
        }
    }

    func shared(
        _ peer: Int, _ ours: AgreementKeyPair, _ key: (MaskingAdvert) -> [UInt8]
    ) throws(MaskingError) -> SecretBytes {
        guard let advert = peers[peer]?.advert else { throw .malformed("a neighbour's keys are missing") }
        do { return try ours.sharedSecret(with: key(advert)) } catch { throw .lowOrderPoint(client: advert.client) }
    }
}

extension MaskingSession {
    /// The session that a roster describes.
    ///
    /// - Throws: `MaskingError.malformed` for a graph that is none.
    init(checking roster: MaskingRoster, context: MaskingContext) throws(MaskingError) {
        let (count, degree) = (roster.clients.count, roster.rules.choice.degree)
        guard degree == count - 1 || (degree % 2 == 0 && (2..<count).contains(degree)) else {
            throw .malformed("degree")
        }
        guard roster.rules.bits(clients: count) <= MaskedVector.bitsRange.upperBound else {
            throw .malformed("magnitude")
        }
        self.init(context: context, rules: roster.rules, clients: roster.clients, digests: roster.allDigests())
    }
}
