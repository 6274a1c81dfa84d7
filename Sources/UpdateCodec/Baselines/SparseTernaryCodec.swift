import Tensors

/// Sparse ternary compression: the largest magnitudes of the whole update, all sent as plus or minus their mean
/// (STC; Sattler et al. 2019, algorithm 1 and section V, arXiv:1903.02891). Meant for error feedback.
///
/// Payload: the number of kept values; if any, their magnitude as a float32, the Golomb parameter, then gap and sign of
/// each. Zeros are never kept.
public struct SparseTernaryCodec: UpdateCodec {
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
    public var name: String { fraction == Self.standardFraction ? "topk+ternary" : "topk+ternary:p=\(fraction)" }
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
            let sum = kept.reduce(0.0) { $0 + Double(abs(update[Int($1)])) }
            payload.append(magnitude: Float(sum / Double(kept.count)))
            let parameter = SparsePositions.parameter(for: kept)
            payload.append(UInt8(parameter))
            var writer = BitWriter(reservingBytes: kept.count * (parameter + 4) / 8)
            SparsePositions.encode(kept, parameter: parameter, to: &writer) { index, writer in
                writer.append(update[Int(kept[index])] < 0 ? 1 : 0, count: 1)
            }
            payload += writer.finish()
        }
        return UpdateFrame.wrap(payload, identifier: .sparseTernary, layout: layout)
    }

    /// Decodes an update, see `UpdateCodec.decode`.
    public func decode(
        _ bytes: [UInt8], layout: ParameterLayout, context: CodecContext, into output: inout [Float]
    ) throws(CodecError) {
        try checkOutput(output, layout: layout)
        var reader = PayloadReader(bytes, try UpdateFrame.unwrap(bytes, identifier: .sparseTernary, layout: layout))
        output.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        let count = try reader.varint(limit: layout.count)
        if count > 0 {
            let scale = try reader.magnitude()
            let parameter = Int(try reader.byte())
            var bits = BitReader(reader.rest())
            try SparsePositions.decode(count: count, limit: layout.count, parameter: parameter, from: &bits) {
                (position, bits) throws(CodecError) in
                output[position] = try bits.read(1) == 0 ? scale : -scale
            }
            try bits.finish()
        }
        try reader.finish()
    }
}
