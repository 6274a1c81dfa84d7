/// Version and caps of the wire protocol; a peer that passes a cap is refused before anything is allocated for it.
public enum ProtocolLimits {
    /// The version this build speaks.
    public static let version: UInt32 = 1
    /// Largest control frame, in bytes.
    public static let controlByteCount = 64 * 1024
    /// Payload bytes of one chunk, before sealing.
    public static let chunkByteCount = 64 * 1024
    /// Largest payload frame, in bytes: a chunk and its authentication tag.
    public static let payloadFrameByteCount = chunkByteCount + 64
    /// Largest payload that a sender puts into the control frame, in bytes.
    public static let innerPayloadByteCount = 4096
    /// Largest encoded model or update, in bytes (1 GiB).
    public static let transferByteCount = 1 << 30
    /// Frames of one message: control and payload.
    public static let frameCount = 2
    /// Longest name, profile or detail text, in UTF-8 bytes.
    public static let textByteCount = 1024

    /// Chunks that a payload of `byteCount` bytes is cut into; 0 for an empty one.
    public static func chunkCount(of byteCount: Int) -> Int { (byteCount + chunkByteCount - 1) / chunkByteCount }

    /// Range of chunk `index` in a payload of `byteCount` bytes; `index` is below `chunkCount(of: byteCount)`.
    public static func chunkRange(_ index: Int, of byteCount: Int) -> Range<Int> {
        index * chunkByteCount..<min((index + 1) * chunkByteCount, byteCount)
    }
}
