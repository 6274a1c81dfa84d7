/// The codecs of other people's papers, against which ours are measured, under the names that scenario files use.
enum BaselineCodecs {
    /// Their names with standard parameters.
    static let names = [
        "fp16", "int4+entropy", "topk+ternary", "topk+fp16", "qsgd", "signsgd", "kmeans4+entropy", "rotated-1bit",
    ]

    /// Finds a codec by its name and parameters.
    ///
    /// - Returns: `nil` for a name that is not in the list.
    /// - Throws: `CodecError.invalidParameter`.
    static func named(_ name: Substring, _ parameters: CodecParameters) throws(CodecError) -> (any UpdateCodec)? {
        switch name {
        case "topk+ternary":
            try parameters.allow(["p"])
            let standard = SparseTernaryCodec.standardFraction
            return try SparseTernaryCodec(fraction: try parameters.number("p", default: standard))
        case "topk+fp16":
            try parameters.allow(["p"])
            let standard = SparseHalfCodec.standardFraction
            return try SparseHalfCodec(fraction: try parameters.number("p", default: standard))
        case "qsgd":
            try parameters.allow(["bits", "bucket"])
            return try QSGDCodec(
                width: try parameters.number("bits", default: QSGDCodec.standard.width),
                bucketSize: try parameters.number("bucket", default: QSGDCodec.standard.bucketSize))
        case "rotated-1bit":
            try parameters.allow(["scale"])
            let text = try parameters.number("scale", default: RotatedOneBitCodec.Scale.unbiased.rawValue)
            guard let scale = RotatedOneBitCodec.Scale(rawValue: text) else { throw .invalidParameter("scale=\(text)") }
            return RotatedOneBitCodec(scale: scale)
        default:
            guard let codec = plain[name] else { return nil }
            try parameters.allow([])
            return codec
        }
    }

    private static let plain: [Substring: any UpdateCodec] = [
        "fp16": HalfCodec(), "int4+entropy": Int4EntropyCodec(), "signsgd": SignSGDCodec(),
        "kmeans4+entropy": KMeansEntropyCodec(),
    ]
}
