import Encryption

/// The keys that a client brings into one masked round, signed by its identity.
public struct MaskingAdvert: Hashable, Sendable {
    /// Bytes of an encoding: two keys and a signature.
    public static let byteCount = 128
    private static let label = Array("swiftlet-masking-advert-v1".utf8)

    /// Number of the client in the roster.
    public let client: Int
    /// X25519; shares for this client are sealed to it.
    public let channelKey: [UInt8]
    /// X25519; masks are made with it.
    public let maskKey: [UInt8]
    /// Ed25519 by the client's identity.
    public let signature: [UInt8]

    /// Signs keys of 32 bytes each.
    init(client: Int, channelKey: [UInt8], maskKey: [UInt8], context: MaskingContext, identity: SigningKeyPair) {
        self.client = client
        self.channelKey = channelKey
        self.maskKey = maskKey
        signature = identity.sign(
            Self.message(client: client, channelKey: channelKey, maskKey: maskKey, context: context))
    }

    /// Reads what `encoded` made; the client is known from the connection.
    ///
    /// - Throws: `MaskingError.malformed`.
    public init(decoding bytes: [UInt8], client: Int) throws(MaskingError) {
        guard bytes.count == Self.byteCount else { throw .malformed("an advert has \(Self.byteCount) bytes") }
        self.client = client
        channelKey = Array(bytes[0..<32])
        maskKey = Array(bytes[32..<64])
        signature = Array(bytes[64...])
    }

    /// Both keys and the signature, 128 bytes.
    public var encoded: [UInt8] { channelKey + maskKey + signature }

    /// Whether the keys are signed by an identity, for this client and this context.
    public func isSigned(by identity: [UInt8], context: MaskingContext) -> Bool {
        SigningKeyPair.verify(
            signature: signature,
            message: Self.message(client: client, channelKey: channelKey, maskKey: maskKey, context: context),
            publicKey: identity)
    }

    /// Whether one of the keys is a point of low order, with which every agreement fails, whatever the secret.
    var hasLowOrderKey: Bool {
        guard let probe = try? AgreementKeyPair(secret: [UInt8](repeating: 1, count: KeySize.key)) else { return true }
        return [channelKey, maskKey].contains { (try? probe.sharedSecret(with: $0)) == nil }
    }

    /// What the advert adds to the session id, 32 bytes.
    func digest(identity: [UInt8]) -> [UInt8] {
        Blake2b256.hash([MaskingBytes.integer(client, 4), identity, encoded])
    }

    private static func message(
        client: Int, channelKey: [UInt8], maskKey: [UInt8], context: MaskingContext
    ) -> [UInt8] {
        label + context.encoded + MaskingBytes.integer(client, 4) + channelKey + maskKey
    }
}
