import Tensors

/// The baseline: every parameter as a little-endian 32-bit float. Lossless.
public struct Float32Codec: UpdateCodec {
    /// Makes the codec.
    public init() {}

    /// `float32`.
    public var name: String { "float32" }
    /// Always true.
    public var isLossless: Bool { true }

    /// Encodes an update; see `UpdateCodec`.
    public func encode(
        _ update: [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) -> [UInt8] {
        try checkUpdate(update, layout: layout)
        let payload = [UInt8](unsafeUninitializedCapacity: 4 * update.count) { bytes, count in
            let raw = UnsafeMutableRawPointer(bytes.baseAddress ?? .init(bitPattern: 1))
            for index in update.indices {
                raw?.storeBytes(of: update[index].bitPattern.littleEndian, toByteOffset: 4 * index, as: UInt32.self)
            }
            count = 4 * update.count
        }
        return UpdateFrame.wrap(payload, identifier: .float32, layout: layout)
    }

    /// Decodes into `output`; see `UpdateCodec`.
    public func decode(
        _ bytes: [UInt8], layout: ParameterLayout, context: CodecContext, into output: inout [Float]
    ) throws(CodecError) {
        try checkOutput(output, layout: layout)
        let range = try UpdateFrame.unwrap(bytes, identifier: .float32, layout: layout)
        guard range.count == 4 * layout.count else { throw .corruptPayload("not four bytes per parameter") }
        var worst: UInt32 = 0
        bytes.withUnsafeBytes { raw in
            for index in output.indices {
                let offset = range.lowerBound + 4 * index
                let bits = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
                worst = max(worst, bits & 0x7fff_ffff)
                output[index] = Float(bitPattern: bits)
            }
        }
        if worst >= 0x7f80_0000, let index = output.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(index: index)
        }
    }
}
