import CSodium

/// The libsodium library itself.
public enum Sodium {
    private static let outcome = sodium_init()

    /// Initialises libsodium; safe to call often and from any thread. Every type of this module does so by itself.
    ///
    /// A system without a source of randomness ends the process: there is no fallback.
    ///
    /// - Throws: `sodiumUnavailable`.
    public static func initialize() throws(EncryptionError) {
        guard outcome >= 0 else { throw .sodiumUnavailable }
    }

    static func require() { precondition(outcome >= 0, "libsodium could not be initialised") }
}

/// Lengths that are fixed by the algorithms, in bytes.
public enum KeySize {
    /// X25519 and Ed25519 public keys, X25519 secrets and Ed25519 seeds.
    public static let key = 32
    /// Ed25519 signature.
    public static let signature = 64
    /// Poly1305 tag, all that sealing adds.
    public static let tag = 16
}

func requireLength(_ bytes: [UInt8], _ expected: Int, _ what: String) throws(EncryptionError) {
    guard bytes.count == expected else { throw .wrongLength(what, expected: expected, actual: bytes.count) }
}
