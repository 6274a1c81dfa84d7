import CSodium

/// An X25519 key pair (RFC 7748). CURVE keys of ZeroMQ are such pairs as well.
public struct AgreementKeyPair: Sendable {
    /// 32 bytes.
    public let publicKey: [UInt8]
    /// 32 bytes.
    public let secret: SecretBytes

    /// A new pair.
    public static func generate() -> AgreementKeyPair { AgreementKeyPair(validSecret: .random(byteCount: KeySize.key)) }

    /// The pair of a secret of 32 bytes.
    ///
    /// - Throws: `wrongLength`.
    public init(secret: [UInt8]) throws(EncryptionError) {
        try requireLength(secret, KeySize.key, "X25519 secret")
        self.init(validSecret: SecretBytes(secret))
    }

    init(validSecret secret: SecretBytes) {
        var publicKey = [UInt8](repeating: 0, count: KeySize.key)
        let status = secret.withBytes { crypto_scalarmult_base(&publicKey, $0) }
        precondition(status == 0)
        self.publicKey = publicKey
        self.secret = secret
    }

    /// What both owners of two pairs compute alike, 32 bytes; not uniform, hash it at once.
    ///
    /// - Throws: `wrongLength`, and `lowOrderPoint` when the result would not depend on the secret.
    public func sharedSecret(with publicKey: [UInt8]) throws(EncryptionError) -> SecretBytes {
        try requireLength(publicKey, KeySize.key, "X25519 public key")
        var status: Int32 = -1
        let shared = SecretBytes(byteCount: KeySize.key, isTransient: true) { target in
            status = secret.withBytes { crypto_scalarmult(target, $0, publicKey) }
        }
        guard status == 0 else { throw .lowOrderPoint }
        return shared
    }
}
