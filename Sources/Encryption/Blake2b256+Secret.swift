import CSodium

extension Blake2b256 {
    /// The digest in guarded memory, for keys.
    public consuming func finalizeSecret() -> SecretBytes {
        var digest = finalize()
        let secret = SecretBytes(digest)
        digest.withUnsafeMutableBytes { sodium_memzero($0.baseAddress, $0.count) }
        return secret
    }
}
