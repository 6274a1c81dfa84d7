import Quantization
import Tensors

/// Sixteen-bit floats with a power of two per tensor (mixed precision; Micikevicius et al. 2018, arXiv:1710.03740).
/// The error is at most 2^−11 of a value, or 2^−39 of the tensor's largest where that is more.
///
/// Payload: an exponent per tensor, then two bytes per parameter.
public struct HalfCodec: UpdateCodec {
    /// Makes the codec.
    public init() {}

    /// The name with its parameters.
    public var name: String { "fp16" }
    /// Whether every bit comes back.
    public var isLossless: Bool { false }

    /// Encodes an update, see `UpdateCodec.encode`.
    public func encode(
        _ update: [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) -> [UInt8] {
        try checkUpdate(update, layout: layout)
        let scales = layout.entries.map { entry in
            HalfScale(
                maximum: update.withUnsafeBufferPointer {
                    UnsafeBufferPointer(rebasing: $0[entry.range]).maximumMagnitude
                })
        }
        let total = scales.count + 2 * update.count
        let payload = [UInt8](unsafeUninitializedCapacity: total) { bytes, count in
            let raw = UnsafeMutableRawBufferPointer(bytes)
            update.withUnsafeBufferPointer { values in
                for (index, entry) in layout.entries.enumerated() {
                    raw[index] = UInt8(bitPattern: scales[index].exponent)
                    let up = scales[index].up
                    for position in entry.range {
                        let code = HalfFloat.code(
                            max(-HalfFloat.largest, min(HalfFloat.largest, values[position] * up)))
                        let offset = scales.count + 2 * position
                        raw.storeBytes(of: code.littleEndian, toByteOffset: offset, as: UInt16.self)
                    }
                }
            }
            count = total
        }
        return UpdateFrame.wrap(payload, identifier: .half, layout: layout)
    }

    /// Decodes an update, see `UpdateCodec.decode`.
    public func decode(
        _ bytes: [UInt8], layout: ParameterLayout, context: CodecContext, into output: inout [Float]
    ) throws(CodecError) {
        try checkOutput(output, layout: layout)
        let range = try UpdateFrame.unwrap(bytes, identifier: .half, layout: layout)
        let tensors = layout.entries.count
        guard range.count == tensors + 2 * layout.count else { throw .corruptPayload("not two bytes per parameter") }
        // The largest floats round up to 2^128, which is not a float.
        let largest = Float.greatestFiniteMagnitude
        var worst: UInt16 = 0
        for (index, entry) in layout.entries.enumerated() {
            let down = try HalfScale(sent: bytes[range.lowerBound + index]).down
            bytes.withUnsafeBytes { raw in
                output.withUnsafeMutableBufferPointer { values in
                    for position in entry.range {
                        let offset = range.lowerBound + tensors + 2 * position
                        let code = UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
                        worst = max(worst, code & 0x7fff)
                        values[position] = max(-largest, min(largest, HalfFloat.value(code) * down))
                    }
                }
            }
        }
        guard worst < 0x7c00 else { throw .corruptPayload("a value is NaN or infinite") }
    }
}
