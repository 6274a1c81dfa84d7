import Encryption

/// The adverts of a session as the coordinator hands them to one client: those of its neighbours in full, of the others
/// their digests, which is all that the session id needs.
public struct MaskingRoster: Hashable, Sendable {
    /// A client whose advert is given in full.
    public struct Peer: Hashable, Sendable {
        /// Its Ed25519 key, 32 bytes.
        public let identity: [UInt8]
        /// Its keys.
        public let advert: MaskingAdvert
    }

    /// What was agreed on.
    public let rules: MaskingRules
    /// Numbers of the clients, ascending.
    public let clients: [Int]
    /// Digests of the adverts in that order; empty when all adverts are given in full.
    let digests: [[UInt8]]
    /// Adverts by position.
    let peers: [Int: Peer]

    /// Everything, for a client whose neighbours stand at `positions`; nil: all clients.
    init(rules: MaskingRules, clients: [Int], peers: [Int: Peer], positions: [Int]?) {
        self.rules = rules
        self.clients = clients
        if let positions {
            digests = clients.indices.map { position in
                peers[position].map { $0.advert.digest(identity: $0.identity) } ?? []
            }
            self.peers = peers.filter { positions.contains($0.key) }
        } else {
            digests = []
            self.peers = peers
        }
    }

    /// The digest of every advert; those that are given in full are hashed here, whatever the coordinator says.
    func allDigests() -> [[UInt8]] {
        clients.indices.map { position in
            peers[position].map { $0.advert.digest(identity: $0.identity) }
                ?? (digests.isEmpty ? [] : digests[position])
        }
    }

    /// Rules, numbers, digests if any, adverts with identities.
    public var encoded: [UInt8] { encoded(withIdentities: true) }

    /// Rules, numbers, digests if any, adverts.
    ///
    /// - Parameter withIdentities: false for a client that knows everybody's identity.
    public func encoded(withIdentities: Bool) -> [UInt8] {
        var bytes = rules.encoded + MaskingBytes.integer(clients.count, 2)
        for client in clients { bytes += MaskingBytes.integer(client, 4) }
        bytes.append((digests.isEmpty ? 0 : 1) + (withIdentities ? 0 : 2))
        if !digests.isEmpty {
            for digest in digests { bytes += digest }
            bytes += MaskingBytes.bitmap(Set(peers.keys), count: clients.count)
        }
        for position in peers.keys.sorted() {
            guard let peer = peers[position] else { continue }
            bytes += (withIdentities ? peer.identity : []) + peer.advert.encoded
        }
        return bytes
    }

    /// Reads what `encoded` made.
    ///
    /// - Parameter members: identities by client, for a form that leaves them out; nil: none are known.
    /// - Throws: `MaskingError.malformed`, `.notOnRoster` for a client whose identity is left out and not known.
    public init(decoding raw: [UInt8], members: [Int: [UInt8]]? = nil) throws(MaskingError) {
        var bytes = MaskingBytes(raw)
        rules = try MaskingRules(from: &bytes)
        let count = try bytes.integer(2, "client count")
        guard MaskingThreshold.clientRange.contains(count) else { throw .malformed("client count") }
        var clients: [Int] = []
        for _ in 0..<count {
            let client = try bytes.integer(4, "client number")
            guard clients.last.map({ $0 < client }) ?? true else { throw .malformed("client order") }
            clients.append(client)
        }
        self.clients = clients
        let form = try bytes.integer(1, "form")
        guard form < (members == nil ? 2 : 4) else { throw .malformed("form") }
        var digests: [[UInt8]] = []
        var present = Set(0..<count)
        if form & 1 == 1 {
            for _ in 0..<count { digests.append(try bytes.take(32, "digest")) }
            present = try bytes.bitmap(count: count, "neighbours")
        }
        self.digests = digests
        var peers: [Int: Peer] = [:]
        for position in present.sorted() {
            let known = form & 2 == 0 ? try bytes.take(32, "identity") : members?[clients[position]]
            guard let identity = known else { throw .notOnRoster(client: clients[position]) }
            let advert = try MaskingAdvert(
                decoding: bytes.take(MaskingAdvert.byteCount, "advert"), client: clients[position])
            peers[position] = Peer(identity: identity, advert: advert)
        }
        self.peers = peers
        try bytes.finish()
    }
}
