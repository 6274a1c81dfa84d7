import CSodium
import Synchronization

/// Seals payloads for one client session in one round, with 16 bytes more than the plaintext and nothing else.
///
/// Surprises first. There is no nonce on the wire: it is the chunk index. That is safe because a key and nonce never
/// meet two different plaintexts:
/// 1. The base key is unique to two ephemeral key pairs: the client's, fresh for every run, and the coordinator's,
///    fresh for every round and forgotten after it.
/// 2. Every chunk is sealed under a key of its own, keyed BLAKE2b of the whole associated data, which holds sender,
///    receiver, session, phase, result id (a digest of the payload), sizes and chunk index. Another payload has
///    another result id and so another key.
/// 3. A second, different plaintext under one associated data is refused with `plaintextChanged`; the same one again
///    is a resend and gives the same bytes.
///
/// Sealing is XChaCha20-Poly1305-IETF (draft-irtf-cfrg-xchacha-03).
public struct PayloadKey: Sendable {
    private final class Sealed: Sendable {
        /// Digest of the plaintext by digest of the associated data; at most one entry for each chunk.
        let digests = Mutex<[[UInt8]: [UInt8]]>([:])
    }

    private let key: SecretBytes
    private let sealed = Sealed()

    /// Derives the key that both owners share.
    ///
    /// BLAKE2b-256, keyed with the X25519 shared secret, over both public keys in byte-wise order and the context.
    ///
    /// - Parameters:
    ///   - ours: the pair of this side, ephemeral.
    ///   - theirs: the ephemeral public key of the other side, 32 bytes.
    ///   - context: what else separates this key from others, of any length.
    /// - Throws: `wrongLength`, `lowOrderPoint`.
    public init(ours: AgreementKeyPair, theirs: [UInt8], context: [UInt8]) throws(EncryptionError) {
        let shared = try ours.sharedSecret(with: theirs)
        let ordered =
            ours.publicKey.lexicographicallyPrecedes(theirs) ? [ours.publicKey, theirs] : [theirs, ours.publicKey]
        var hash = Blake2b256(key: shared, personal: Array("swiftlet-key-v1.".utf8))
        for part in ordered { hash.update(part) }
        hash.update(context)
        key = hash.finalizeSecret()
    }

    /// Seals one chunk; `plaintext.count + 16` bytes.
    ///
    /// - Throws: `plaintextChanged` when this key sealed something else under the same associated data.
    public func seal(_ plaintext: [UInt8], associatedData: AssociatedData) throws(EncryptionError) -> [UInt8] {
        try seal(plaintext[...], associatedData: associatedData)
    }

    /// Seals one chunk that is a slice of a payload; `plaintext.count + 16` bytes.
    ///
    /// - Throws: `plaintextChanged` when this key sealed something else under the same associated data.
    public func seal(_ plaintext: ArraySlice<UInt8>, associatedData: AssociatedData) throws(EncryptionError) -> [UInt8]
    {
        let data = associatedData.encoded
        try remember(plaintext, data)
        let chunkKey = chunkKey(data)
        var sealed = [UInt8](repeating: 0, count: plaintext.count + KeySize.tag)
        plaintext.withUnsafeBufferPointer { plain in
            _ = chunkKey.withBytes {
                crypto_aead_xchacha20poly1305_ietf_encrypt(
                    &sealed, nil, plain.baseAddress, UInt64(plain.count), data, UInt64(data.count), nil,
                    nonce(associatedData), $0)
            }
        }
        return sealed
    }

    /// Opens one chunk.
    ///
    /// - Throws: `authenticationFailed` when anything at all differs from what was sealed.
    public func open(_ sealed: [UInt8], associatedData: AssociatedData) throws(EncryptionError) -> [UInt8] {
        guard sealed.count >= KeySize.tag else { throw .authenticationFailed }
        let data = associatedData.encoded
        let chunkKey = chunkKey(data)
        var plaintext = [UInt8](repeating: 0, count: sealed.count - KeySize.tag)
        let status = chunkKey.withBytes {
            crypto_aead_xchacha20poly1305_ietf_decrypt(
                &plaintext, nil, nil, sealed, UInt64(sealed.count), data, UInt64(data.count), nonce(associatedData), $0)
        }
        guard status == 0 else { throw .authenticationFailed }
        return plaintext
    }

    private func chunkKey(_ data: [UInt8]) -> SecretBytes {
        var hash = Blake2b256(key: key, personal: Array("swiftlet-seal-v1".utf8))
        hash.update(data)
        return hash.finalizeSecret()
    }

    private func nonce(_ associatedData: AssociatedData) -> [UInt8] {
        var nonce: [UInt8] = []
        nonce.append(littleEndian: associatedData.chunkIndex)
        return nonce + [UInt8](repeating: 0, count: Int(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES) - nonce.count)
    }

    private func remember(_ plaintext: ArraySlice<UInt8>, _ data: [UInt8]) throws(EncryptionError) {
        var hash = Blake2b256()
        plaintext.withUnsafeBytes { hash.update($0) }
        let digest = hash.finalize()
        let known = sealed.digests.withLock { digests -> [UInt8] in
            let name = Blake2b256.hash(data)
            if let known = digests[name] { return known }
            digests[name] = digest
            return digest
        }
        guard known == digest else { throw .plaintextChanged }
    }
}
