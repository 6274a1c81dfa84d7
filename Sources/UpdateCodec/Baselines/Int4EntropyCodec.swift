import Quantization
import Tensors

/// Four-bit integers with a scale per row (Krishnamoorthi 2018, arXiv:1806.08342), entropy-coded with adaptive
/// probabilities per tensor. The error of a value is at most half the scale of its row.
///
/// Payload: a bfloat16 scale per row, then the integers −7…7 of each tensor as symbols 0…14.
public struct Int4EntropyCodec: UpdateCodec {
    /// Makes the codec.
    public init() {}

    /// The name with its parameters.
    public var name: String { "int4+entropy" }
    /// Whether every bit comes back.
    public var isLossless: Bool { false }

    private static let levels: Float = 7

    /// Encodes an update, see `UpdateCodec.encode`.
    public func encode(
        _ update: [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) -> [UInt8] {
        try checkUpdate(update, layout: layout)
        var payload: [UInt8] = []
        var runs: [SymbolStream.Run] = []
        update.withUnsafeBufferPointer { values in
            for entry in layout.entries {
                let symbols = [UInt8](unsafeUninitializedCapacity: entry.count) { symbols, count in
                    for start in stride(from: 0, to: entry.count, by: entry.columnCount) {
                        let first = entry.offset + start
                        let row = UnsafeBufferPointer(rebasing: values[first..<(first + entry.columnCount)])
                        let scale = BrainFloat.roundedUp(row.maximumMagnitude / Self.levels, levels: Self.levels)
                        payload.append(integer: UInt64(scale), byteCount: 2)
                        let inverse = BrainFloat.inverse(scale)
                        for index in row.indices {
                            let bounded = max(-Self.levels, min(Self.levels, row[index] * inverse))
                            // Adding and subtracting 1.5·2^23 rounds to the nearest integer without a call.
                            let nearest = (bounded + 0x1.8p23) - 0x1.8p23
                            symbols[start + index] = UInt8(truncatingIfNeeded: Int32(nearest + Self.levels))
                        }
                    }
                    count = entry.count
                }
                runs.append(SymbolStream.Run(width: 4, symbols: symbols))
            }
        }
        return UpdateFrame.wrap(payload + SymbolStream.encode(runs), identifier: .int4, layout: layout)
    }

    /// Decodes an update, see `UpdateCodec.decode`.
    public func decode(
        _ bytes: [UInt8], layout: ParameterLayout, context: CodecContext, into output: inout [Float]
    ) throws(CodecError) {
        try checkOutput(output, layout: layout)
        var reader = PayloadReader(bytes, try UpdateFrame.unwrap(bytes, identifier: .int4, layout: layout))
        var scales: [Float] = []
        for _ in 0..<layout.rowCount {
            let code = UInt16(truncatingIfNeeded: try reader.integer(byteCount: 2))
            let scale = BrainFloat.value(code)
            guard code < 0x7f80, (scale * Self.levels).isFinite else { throw .corruptPayload("scale \(scale)") }
            scales.append(scale)
        }
        var runs = layout.entries.map { entry in
            SymbolStream.Run(width: 4, symbols: [UInt8](repeating: 0, count: entry.count))
        }
        try SymbolStream.decode(reader.rest(), into: &runs)
        var row = 0
        var worst: UInt8 = 0
        for (entry, run) in zip(layout.entries, runs) {
            for start in stride(from: 0, to: entry.count, by: entry.columnCount) {
                for index in start..<(start + entry.columnCount) {
                    worst = max(worst, run.symbols[index])
                    output[entry.offset + index] = (Float(run.symbols[index]) - Self.levels) * scales[row]
                }
                row += 1
            }
        }
        guard worst <= 14 else { throw .corruptPayload("an integer is beyond ±7") }
    }
}
