import Messages

/// A client that belongs to the federation.
public struct RosterEntry: Hashable, Sendable {
    /// Whether a client may take part.
    public enum Standing: String, Hashable, Codable, Sendable, CaseIterable { case approved, revoked }

    /// Position in the roster, from 0; stable for the life of the federation and never given out twice.
    public var number: Int
    /// What operators call this client.
    public var name: String
    /// The CURVE key by which the transport knows it.
    public var transportKey: PeerID
    /// The client's Ed25519 key; nil for a key that was approved by hand.
    public var identityKey: PublicKeyBytes?
    /// Whether it may take part.
    public var standing: Standing
    /// The CURVE key before the last rotation, and seconds since 1970 until which it is still good; nil: none.
    public var former: FormerKey?

    /// A transport key that was replaced.
    public struct FormerKey: Hashable, Sendable {
        /// The key.
        public var transportKey: PeerID
        /// Seconds since 1970 after which it is void.
        public var expiry: UInt64

        /// Makes the value from its fields.
        public init(transportKey: PeerID, expiry: UInt64) {
            self.transportKey = transportKey
            self.expiry = expiry
        }
    }

    /// Makes the value from its fields.
    public init(
        number: Int, name: String, transportKey: PeerID, identityKey: PublicKeyBytes? = nil,
        standing: Standing = .approved, former: FormerKey? = nil
    ) {
        self.number = number
        self.name = name
        self.transportKey = transportKey
        self.identityKey = identityKey
        self.standing = standing
        self.former = former
    }
}

/// A one-time right to join.
public struct EnrolmentToken: Hashable, Sendable {
    /// The CURVE key under which the newcomer connects.
    public var transportKey: PeerID
    /// Seconds since 1970 after which it is void.
    public var expiry: UInt64
    /// Number of the client that used it; nil while it is unused.
    public var usedBy: Int?

    /// Makes the value from its fields.
    public init(transportKey: PeerID, expiry: UInt64, usedBy: Int? = nil) {
        self.transportKey = transportKey
        self.expiry = expiry
        self.usedBy = usedBy
    }
}

/// Who belongs to the federation and who may join it.
public struct Roster: Hashable, Sendable {
    /// The clients, by number.
    public private(set) var entries: [RosterEntry]
    /// The one-time tokens, used ones included.
    public private(set) var tokens: [EnrolmentToken]
    /// The newest roster that a root key has signed, as clients get it; nil: none. It may lag behind `entries`.
    public var signed: MemberList?
    private var entryIndices: [PeerID: Int]
    private var tokenIndices: [PeerID: Int]

    /// Makes a roster; of entries with the same transport key the last one counts.
    public init(entries: [RosterEntry] = [], tokens: [EnrolmentToken] = [], signed: MemberList? = nil) {
        self.signed = signed
        self.entries = entries.sorted { $0.number < $1.number }
        self.tokens = tokens
        entryIndices = [:]
        tokenIndices = [:]
        for (index, entry) in self.entries.enumerated() {
            if let former = entry.former { entryIndices[former.transportKey] = index }
        }
        for (index, entry) in self.entries.enumerated() { entryIndices[entry.transportKey] = index }
        for (index, token) in tokens.enumerated() { tokenIndices[token.transportKey] = index }
    }

    /// The client with this transport key, revoked ones included; its former key finds it too.
    public func entry(_ key: PeerID) -> RosterEntry? { entryIndices[key].map { entries[$0] } }

    /// The client that may speak with this key at a time of day in seconds since 1970: approved, and its former key
    /// only during the overlap of a rotation.
    public func admitted(_ key: PeerID, at seconds: UInt64) -> RosterEntry? {
        guard let entry = entry(key), entry.standing == .approved else { return nil }
        if entry.transportKey != key, seconds >= entry.former?.expiry ?? 0 { return nil }
        return entry
    }

    /// The token with this transport key, used ones included.
    public func token(_ key: PeerID) -> EnrolmentToken? { tokenIndices[key].map { tokens[$0] } }

    /// The number that the next client gets.
    public var nextNumber: Int { (entries.last?.number ?? -1) + 1 }

    /// Adds a client that joined with a token; the token is used from now on.
    public mutating func enrol(_ entry: RosterEntry, token key: PeerID) {
        entryIndices[entry.transportKey] = entries.count
        entries.append(entry)
        if let index = tokenIndices[key] { tokens[index].usedBy = entry.number }
    }
}
