import Tensors
import UpdateCodec

extension PredictedCodec {
    /// The codec of a specification, with statistics apart and predictions around it.
    ///
    /// - Parameters:
    ///   - byteCount: most bytes of what it encodes, those in front included; nil: as many as it takes.
    ///   - obeysOwnCap: whether the cap that the specification may have counts.
    /// - Throws: as `UpdateCodecs.named`.
    static func codec(
        _ specification: String, layout: ParameterLayout, byteCount: Int?, obeysOwnCap: Bool = true
    ) throws(CodecError) -> PredictedCodec {
        func inner(after count: Int) throws(CodecError) -> any UpdateCodec {
            try StatisticsApart.codec(
                specification, layout: layout, byteCount: byteCount.map { $0 - count }, obeysOwnCap: obeysOwnCap)
        }
        return PredictedCodec(
            try inner(after: 1), rest: try inner(after: headerByteCount(layout)), byteCount: byteCount)
    }
}
