import CSodium

/// An Ed25519 key pair (RFC 8032).
public struct SigningKeyPair: Sendable {
    /// 32 bytes.
    public let publicKey: [UInt8]
    /// The seed from which the pair is made, 32 bytes.
    public let seed: SecretBytes
    private let secretKey: SecretBytes

    /// A new pair.
    public static func generate() -> SigningKeyPair { SigningKeyPair(validSeed: .random(byteCount: KeySize.key)) }

    /// The pair of a seed of 32 bytes.
    ///
    /// - Throws: `wrongLength`.
    public init(seed: [UInt8]) throws(EncryptionError) {
        try requireLength(seed, KeySize.key, "Ed25519 seed")
        self.init(validSeed: SecretBytes(seed))
    }

    init(validSeed seed: SecretBytes) {
        var publicKey = [UInt8](repeating: 0, count: KeySize.key)
        secretKey = SecretBytes(byteCount: Int(crypto_sign_SECRETKEYBYTES)) { secret in
            _ = seed.withBytes { crypto_sign_seed_keypair(&publicKey, secret, $0) }
        }
        self.seed = seed
        self.publicKey = publicKey
    }

    /// The signature of a message, 64 bytes; the same message always gets the same one.
    public func sign(_ message: [UInt8]) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: KeySize.signature)
        _ = secretKey.withBytes { crypto_sign_detached(&signature, nil, message, UInt64(message.count), $0) }
        return signature
    }

    /// Whether a signature of 64 bytes belongs to the message and the public key; false for any other length.
    public static func verify(signature: [UInt8], message: [UInt8], publicKey: [UInt8]) -> Bool {
        Sodium.require()
        guard signature.count == KeySize.signature, publicKey.count == KeySize.key else { return false }
        return crypto_sign_verify_detached(signature, message, UInt64(message.count), publicKey) == 0
    }
}
