import Tensors
import UpdateCodec

/// Sends the statistics of a model beside what a codec makes of the rest.
///
/// A transform codec has one error target for all tensors together. Batch-norm statistics are few and may move by far
/// more, or by far less, than weights do; an error that no one would notice in a weight makes a variance negative. So
/// each travels as the upper half of a 32-bit float, little-endian, before the codec's own bytes.
package struct StatisticsApart: UpdateCodec {
    private let codec: any UpdateCodec

    /// The codec of a specification, with statistics apart where it is a transform codec and the layout has any.
    ///
    /// - Parameters:
    ///   - byteCount: most bytes of what it encodes, where it is a transform codec; nil: as many as it takes.
    ///   - obeysOwnCap: whether the cap that the specification may have counts.
    /// - Throws: as `UpdateCodecs.named`.
    package static func codec(
        _ specification: String, layout: ParameterLayout, byteCount: Int? = nil, obeysOwnCap: Bool = true
    ) throws(CodecError) -> any UpdateCodec {
        let statistics = layout.entries.reduce(0) { $0 + ($1.kind == .statistic ? $1.count : 0) }
        let codec = try CappedCodec.codec(
            specification, byteCount: byteCount.map { $0 - 2 * statistics }, obeysOwnCap: obeysOwnCap)
        let isTransform = codec is TransformCodec || codec is CappedCodec
        return statistics > 0 && isTransform ? StatisticsApart(codec: codec) : codec
    }

    package var name: String { codec.name }
    package var isLossless: Bool { false }

    package func encode(
        _ update: [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) -> [UInt8] {
        guard update.count == layout.count else {
            throw .countMismatch(expected: layout.count, actual: update.count)
        }
        var rest = update
        var bytes: [UInt8] = []
        for entry in layout.entries where entry.kind == .statistic {
            for index in entry.range {
                guard update[index].isFinite else { throw .notFinite(index: index) }
                let half = Self.upperHalf(update[index])
                bytes += [UInt8(truncatingIfNeeded: half), UInt8(truncatingIfNeeded: half >> 8)]
                rest[index] = 0
            }
        }
        return bytes + (try codec.encode(rest, layout: layout, context: context))
    }

    package func decode(
        _ bytes: [UInt8], layout: ParameterLayout, context: CodecContext, into output: inout [Float]
    ) throws(CodecError) {
        let statistics = layout.entries.filter { $0.kind == .statistic }
        let count = 2 * statistics.reduce(0) { $0 + $1.count }
        guard bytes.count >= count else { throw .truncated }
        try codec.decode(Array(bytes[count...]), layout: layout, context: context, into: &output)
        var position = 0
        for entry in statistics {
            for index in entry.range {
                let half = UInt32(bytes[position]) | UInt32(bytes[position + 1]) << 8
                output[index] = Float(bitPattern: half << 16)
                guard output[index].isFinite else { throw .corruptPayload("a statistic is NaN or infinite") }
                position += 2
            }
        }
    }

    /// The nearest value of eight significant bits, ties away from zero; never infinity for a finite value.
    private static func upperHalf(_ value: Float) -> UInt32 {
        let rounded = (value.bitPattern &+ 0x8000) >> 16
        return rounded & 0x7f80 == 0x7f80 ? value.bitPattern >> 16 : rounded
    }
}
