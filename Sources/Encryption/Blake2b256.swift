import CSodium

/// Incremental BLAKE2b with 32 bytes of output (RFC 7693).
@safe public struct Blake2b256: ~Copyable {
    /// Bytes of the digest.
    public static let byteCount = 32
    // libsodium's state is aligned to 64 bytes, which Swift does not import: memory of that alignment instead.
    private let state: UnsafeMutableRawPointer

    /// Starts a hash.
    ///
    /// - Parameters:
    ///   - key: 0–64 bytes; with a key the result is a message authentication code.
    ///   - personal: empty, or exactly 16 bytes that separate one use from the others.
    public init(key: [UInt8] = [], personal: [UInt8] = []) {
        self.init(personal: personal) { body in key.withUnsafeBufferPointer { body($0) } }
    }

    /// Starts a hash with a secret key of 1–64 bytes.
    public init(key: SecretBytes, personal: [UInt8] = []) {
        self.init(personal: personal) { body in
            key.withBytes { body(UnsafeBufferPointer(start: $0, count: key.byteCount)) }
        }
    }

    private init(personal: [UInt8], withKey: ((UnsafeBufferPointer<UInt8>) -> Void) -> Void) {
        Sodium.require()
        precondition(personal.isEmpty || personal.count == Int(crypto_generichash_blake2b_PERSONALBYTES))
        let state = UnsafeMutableRawPointer.allocate(byteCount: crypto_generichash_statebytes(), alignment: 64)
        withKey { key in
            precondition(key.count <= Int(crypto_generichash_blake2b_KEYBYTES_MAX))
            let status = crypto_generichash_blake2b_init_salt_personal(
                OpaquePointer(state), key.isEmpty ? nil : key.baseAddress, key.count, Self.byteCount, nil,
                personal.isEmpty ? nil : personal)
            precondition(status == 0)
        }
        self.state = state
    }

    deinit {
        sodium_memzero(state, crypto_generichash_statebytes())
        state.deallocate()
    }

    /// Adds bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        crypto_generichash_blake2b_update(
            OpaquePointer(state), start.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
    }

    /// Adds bytes.
    public mutating func update(_ bytes: borrowing Span<UInt8>) {
        let state = state
        bytes.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            crypto_generichash_blake2b_update(OpaquePointer(state), start, UInt64(buffer.count))
        }
    }

    /// Adds bytes.
    public mutating func update(_ bytes: [UInt8]) {
        crypto_generichash_blake2b_update(OpaquePointer(state), bytes, UInt64(bytes.count))
    }

    /// The digest of everything added, 32 bytes.
    public consuming func finalize() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Self.byteCount)
        crypto_generichash_blake2b_final(OpaquePointer(state), &digest, Self.byteCount)
        return digest
    }

    /// The digest of some bytes, 32 bytes.
    public static func hash(_ bytes: [UInt8]) -> [UInt8] { hash([bytes]) }

    /// The digest of several parts as if they were one; where their bounds matter, include the lengths.
    public static func hash(_ parts: [[UInt8]], personal: [UInt8] = []) -> [UInt8] {
        var hash = Blake2b256(personal: personal)
        for part in parts { hash.update(part) }
        return hash.finalize()
    }
}
