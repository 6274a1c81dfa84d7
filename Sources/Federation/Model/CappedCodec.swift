import Tensors
import UpdateCodec

/// A transform codec that never sends more than so many bytes: what its own target asks for where that fits, and
/// otherwise as little error as the bytes buy. The decoder is the same for both.
package struct CappedCodec: UpdateCodec {
    private let codec: any UpdateCodec
    private let fallback: any UpdateCodec
    private let byteCount: Int

    /// Fewest bytes that can be asked for.
    package static let smallestByteCount = 64

    /// Puts a cap on a transform codec; other codecs have one size and are given back as they are.
    ///
    /// - Parameters:
    ///   - byteCount: raised to `smallestByteCount`; nil: no cap.
    ///   - obeysOwnCap: whether the cap that the specification may have counts.
    /// - Throws: as `UpdateCodecs.named`.
    package static func codec(
        _ specification: String, byteCount: Int?, obeysOwnCap: Bool = true
    ) throws(CodecError) -> any UpdateCodec {
        var codec = try UpdateCodecs.named(specification)
        if !obeysOwnCap, let transform = codec as? TransformCodec {
            var options = transform.options
            options.cap = nil
            codec = TransformCodec(name: transform.name, options: options)
        }
        guard let byteCount, codec is TransformCodec else { return codec }
        let cap = max(smallestByteCount, byteCount)
        let family = specification.prefix { $0 != ":" }
        return CappedCodec(
            codec: codec, fallback: try UpdateCodecs.named("\(family):bytes=\(cap)"), byteCount: cap)
    }

    /// Whether a specification is that of a transform codec: those have a target, and predictions pay with them.
    static func isTransform(_ specification: String) -> Bool {
        (try? UpdateCodecs.named(specification)) is TransformCodec
    }

    package var name: String { codec.name }
    package var isLossless: Bool { false }

    package func encode(
        _ update: [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) -> [UInt8] {
        let bytes = try codec.encode(update, layout: layout, context: context)
        guard bytes.count > byteCount else { return bytes }
        return try fallback.encode(update, layout: layout, context: context)
    }

    package func decode(
        _ bytes: [UInt8], layout: ParameterLayout, context: CodecContext, into output: inout [Float]
    ) throws(CodecError) {
        try codec.decode(bytes, layout: layout, context: context, into: &output)
    }
}
