import CSodium

/// The ChaCha20 stream of a key that is used once (Bernstein 2008; 64-bit counter from 0, nonce 0).
///
/// The nonce is fixed, so a key names one stream: derive a fresh key for every use.
public struct KeyStream: Sendable {
    /// Bytes of one block; streams are cut at whole blocks.
    public static let blockByteCount = 64
    private static let nonce = [UInt8](repeating: 0, count: Int(crypto_stream_chacha20_NONCEBYTES))
    private let key: SecretBytes

    /// The stream of a key of 32 bytes.
    public init(key: SecretBytes) {
        precondition(key.byteCount == Int(crypto_stream_chacha20_KEYBYTES))
        self.key = key
    }

    /// Writes the stream from block `block` on over `target`.
    public func write(to target: UnsafeMutableRawBufferPointer, fromBlock block: Int) {
        guard let start = target.baseAddress else { return }
        let bytes = start.assumingMemoryBound(to: UInt8.self)
        start.initializeMemory(as: UInt8.self, repeating: 0, count: target.count)
        let status = key.withBytes {
            crypto_stream_chacha20_xor_ic(bytes, bytes, UInt64(target.count), Self.nonce, UInt64(block), $0)
        }
        precondition(status == 0)
    }
}
