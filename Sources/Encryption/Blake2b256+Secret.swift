import CSodium

extension Blake2b256 {
    /// The digest in guarded memory, for keys.
    ///
    /// - Parameter isTransient: the key is gone before the call returns that makes it.
    public consuming func finalizeSecret(isTransient: Bool = false) -> SecretBytes {
        var digest = finalize()
        let secret = SecretBytes(digest, isTransient: isTransient)
        digest.withUnsafeMutableBytes { sodium_memzero($0.baseAddress, $0.count) }
        return secret
    }
}
