import CSodium

/// What a new client needs to enrol, as one line to copy: where the coordinator is, who it is, and the secret half of a
/// CURVE key pair that is good for this one purpose.
public struct EnrolmentToken: Sendable {
    private static let prefix = "swiftlet-token-v1."
    /// Of tokens that hold a root key.
    private static let rootedPrefix = "swiftlet-token-v2."
    private static let checksumByteCount = 8
    private static let maximumEndpointByteCount = 512
    private static let maximumTextByteCount = 1024

    /// Where the coordinator listens, such as `tcp://coordinator.example:7000`; up to 512 UTF-8 bytes.
    public let endpoint: String
    /// The coordinator's CURVE key, 32 bytes.
    public let coordinatorTransportKey: [UInt8]
    /// The coordinator's Ed25519 key, 32 bytes.
    public let coordinatorIdentity: [UInt8]
    /// 16 bytes.
    public let federation: [UInt8]
    /// The CURVE key pair to connect with; the coordinator lists its public key until it is used or expires.
    public let tokenKey: AgreementKeyPair
    /// The Ed25519 key that signs the federation's rosters, 32 bytes; nil: none does.
    public let rootKey: [UInt8]?
    /// When the token ends, in seconds since 1970.
    public let expiry: UInt64

    /// Puts a token together.
    ///
    /// - Throws: `wrongLength`, and `token(.malformed)` for an empty endpoint or one that is too long.
    public init(
        endpoint: String, coordinatorTransportKey: [UInt8], coordinatorIdentity: [UInt8], federation: [UInt8],
        tokenKey: AgreementKeyPair, expiry: UInt64, rootKey: [UInt8]? = nil
    ) throws(EncryptionError) {
        try requireLength(coordinatorTransportKey, KeySize.key, "coordinator transport key")
        try requireLength(coordinatorIdentity, KeySize.key, "coordinator identity")
        try requireLength(federation, 16, "federation")
        guard (1...Self.maximumEndpointByteCount).contains(endpoint.utf8.count) else { throw .token(.malformed) }
        if let rootKey { try requireLength(rootKey, KeySize.key, "root key") }
        self.rootKey = rootKey
        self.endpoint = endpoint
        self.coordinatorTransportKey = coordinatorTransportKey
        self.coordinatorIdentity = coordinatorIdentity
        self.federation = federation
        self.tokenKey = tokenKey
        self.expiry = expiry
    }

    /// The line to hand over; whoever has it may enrol, so treat it like a password.
    public var text: String {
        var bytes = coordinatorTransportKey + coordinatorIdentity + federation + tokenKey.secret.exposed()
        bytes.append(littleEndian: expiry)
        bytes += rootKey ?? []
        bytes += Array(endpoint.utf8)
        bytes += Self.checksum(bytes, rooted: rootKey != nil)
        return (rootKey == nil ? Self.prefix : Self.rootedPrefix) + Self.base64(bytes)
    }

    /// Reads a token; white space around it is ignored.
    ///
    /// - Parameters:
    ///   - text: the line.
    ///   - now: seconds since 1970.
    /// - Throws: `token(.malformed)`, `token(.expired)`.
    public init(_ text: String, now: UInt64) throws(EncryptionError) {
        let trimmed = text.split(whereSeparator: \.isWhitespace)
        let isRooted = trimmed.first?.hasPrefix(Self.rootedPrefix) ?? false
        let prefix = isRooted ? Self.rootedPrefix : Self.prefix
        guard trimmed.count == 1, trimmed[0].hasPrefix(prefix),
            let bytes = Self.bytes(base64: trimmed[0].dropFirst(prefix.count))
        else { throw .token(.malformed) }
        let body = Array(bytes.dropLast(Self.checksumByteCount))
        let rootStart = 32 + 32 + 16 + 32 + 8
        let endpointStart = rootStart + (isRooted ? KeySize.key : 0)
        guard body.count > endpointStart,
            Self.checksum(body, rooted: isRooted) == Array(bytes.suffix(Self.checksumByteCount)),
            let endpoint = String(validating: body[endpointStart...], as: UTF8.self)
        else { throw .token(.malformed) }
        let expiry = body[112..<120].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard now < expiry else { throw .token(.expired(at: expiry)) }
        try self.init(
            endpoint: endpoint, coordinatorTransportKey: Array(body[0..<32]), coordinatorIdentity: Array(body[32..<64]),
            federation: Array(body[64..<80]), tokenKey: AgreementKeyPair(secret: Array(body[80..<112])), expiry: expiry,
            rootKey: isRooted ? Array(body[rootStart..<endpointStart]) : nil)
    }

    private static func checksum(_ bytes: [UInt8], rooted: Bool) -> [UInt8] {
        let personal = Array((rooted ? "swiftlet-token-2" : "swiftlet-token-1").utf8)
        return Array(Blake2b256.hash([bytes], personal: personal).prefix(checksumByteCount))
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let variant = Int32(sodium_base64_VARIANT_URLSAFE_NO_PADDING)
        var text = [CChar](repeating: 0, count: sodium_base64_encoded_len(bytes.count, variant))
        sodium_bin2base64(&text, text.count, bytes, bytes.count, variant)
        return String(decoding: text.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func bytes(base64 text: Substring) -> [UInt8]? {
        let characters = text.utf8.map(CChar.init(bitPattern:))
        guard characters.count <= maximumTextByteCount else { return nil }
        var bytes = [UInt8](repeating: 0, count: characters.count)
        var count = 0
        let status = sodium_base642bin(
            &bytes, bytes.count, characters, characters.count, nil, &count, nil,
            Int32(sodium_base64_VARIANT_URLSAFE_NO_PADDING))
        return status == 0 ? Array(bytes.prefix(count)) : nil
    }
}

extension EnrolmentToken: CustomStringConvertible {
    /// Says where the token leads and until when, without its secret.
    public var description: String {
        "token for \(endpoint), key \(Fingerprint.text(of: tokenKey.publicKey)), expires \(expiry)"
    }
}
