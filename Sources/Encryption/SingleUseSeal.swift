import CSodium

/// Seals one message under a key that is never used for another one: ChaCha20-Poly1305 (RFC 8439) with nonce 0.
///
/// A second, different message under the same key would break both; derive a key for each direction and use.
public enum SingleUseSeal {
    private static let nonce = [UInt8](repeating: 0, count: Int(crypto_aead_chacha20poly1305_ietf_NPUBBYTES))

    /// Seals; `plaintext.count + 16` bytes.
    ///
    /// - Parameter key: 32 bytes, of this message alone.
    public static func seal(_ plaintext: [UInt8], key: SecretBytes, associatedData: [UInt8]) -> [UInt8] {
        precondition(key.byteCount == KeySize.key)
        var sealed = [UInt8](repeating: 0, count: plaintext.count + KeySize.tag)
        _ = key.withBytes {
            crypto_aead_chacha20poly1305_ietf_encrypt(
                &sealed, nil, plaintext, UInt64(plaintext.count), associatedData, UInt64(associatedData.count), nil,
                nonce, $0)
        }
        return sealed
    }

    /// Opens.
    ///
    /// - Throws: `authenticationFailed` when anything at all differs from what was sealed.
    public static func open(
        _ sealed: [UInt8], key: SecretBytes, associatedData: [UInt8]
    ) throws(EncryptionError) -> [UInt8] {
        precondition(key.byteCount == KeySize.key)
        guard sealed.count >= KeySize.tag else { throw .authenticationFailed }
        var plaintext = [UInt8](repeating: 0, count: sealed.count - KeySize.tag)
        let status = key.withBytes {
            crypto_aead_chacha20poly1305_ietf_decrypt(
                &plaintext, nil, nil, sealed, UInt64(sealed.count), associatedData, UInt64(associatedData.count), nonce,
                $0)
        }
        guard status == 0 else { throw .authenticationFailed }
        return plaintext
    }
}
