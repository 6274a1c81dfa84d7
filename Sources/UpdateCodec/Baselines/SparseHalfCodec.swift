import Quantization
import Tensors

/// The largest magnitudes of the whole update as 16-bit floats (gradient dropping; Aji, Heafield 2017, arXiv:1704.05021;
/// with memory: Stich, Cordonnier, Jaggi 2018, arXiv:1809.07599).
///
/// Payload: the number of kept values; if any, an exponent, the Golomb parameter, then gap and value of each. Zeros are
/// never kept.
public struct SparseHalfCodec: UpdateCodec {
    private let pruner: TopKPruner
    /// Share of the values that is kept, above 0 and at most 1.
    public let fraction: Double

    static let standardFraction = 0.01

    /// Makes the codec.
    ///
    /// - Throws: `CodecError.invalidParameter`.
    public init(fraction: Double = 0.01) throws(CodecError) {
        pruner = try TopKPruner(fraction: fraction)
        self.fraction = fraction
    }

    /// The name with its parameters.
    public var name: String { fraction == Self.standardFraction ? "topk+fp16" : "topk+fp16:p=\(fraction)" }
    /// Whether every bit comes back.
    public var isLossless: Bool { false }

    /// Encodes an update, see `UpdateCodec.encode`.
    public func encode(
        _ update: [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) -> [UInt8] {
        let kept = try pruner.support(of: update, layout: layout, context: context).filter { update[Int($0)] != 0 }
        var payload: [UInt8] = []
        Varint.append(UInt64(kept.count), to: &payload)
        if !kept.isEmpty {
            let scale = HalfScale(maximum: kept.reduce(0) { max($0, abs(update[Int($1)])) })
            let up = scale.up
            payload.append(UInt8(bitPattern: scale.exponent))
            let parameter = SparsePositions.parameter(for: kept)
            payload.append(UInt8(parameter))
            var writer = BitWriter(reservingBytes: kept.count * (parameter + 20) / 8)
            SparsePositions.encode(kept, parameter: parameter, to: &writer) { index, writer in
                writer.append(UInt32(HalfFloat.code(update[Int(kept[index])] * up)), count: 16)
            }
            payload += writer.finish()
        }
        return UpdateFrame.wrap(payload, identifier: .sparseHalf, layout: layout)
    }

    /// Decodes an update, see `UpdateCodec.decode`.
    public func decode(
        _ bytes: [UInt8], layout: ParameterLayout, context: CodecContext, into output: inout [Float]
    ) throws(CodecError) {
        try checkOutput(output, layout: layout)
        var reader = PayloadReader(bytes, try UpdateFrame.unwrap(bytes, identifier: .sparseHalf, layout: layout))
        output.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        let count = try reader.varint(limit: layout.count)
        if count > 0 {
            let down = try HalfScale(sent: try reader.byte()).down
            let parameter = Int(try reader.byte())
            let largest = Float.greatestFiniteMagnitude
            var bits = BitReader(reader.rest())
            try SparsePositions.decode(count: count, limit: layout.count, parameter: parameter, from: &bits) {
                (position, bits) throws(CodecError) in
                let code = UInt16(truncatingIfNeeded: try bits.read(16))
                guard code & 0x7fff < 0x7c00 else { throw .corruptPayload("a value is NaN or infinite") }
                output[position] = max(-largest, min(largest, HalfFloat.value(code) * down))
            }
            try bits.finish()
        }
        try reader.finish()
    }
}
