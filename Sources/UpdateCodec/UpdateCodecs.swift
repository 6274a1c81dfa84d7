/// The codecs that scenario files can name.
public enum UpdateCodecs {
    /// Names that `named` accepts.
    public static var names: [String] {
        ["float32", "int8", "auto", "lowrank", "entropy"] + BaselineCodecs.names
    }

    /// Finds a codec by its specification: a name, then parameters after a colon, for example `auto:nmse=0.1`.
    ///
    /// `auto`, `lowrank` (factors only, and values for vectors) and `entropy` (values only) take `nmse=` (default 0.25)
    /// with or without `cap=` (most bits per parameter, at the price of a larger error, though of none larger than
    /// `worst=` where that is given), or `bytes=`, and `unbiased`; with `to=` and `capto=`, `nmse` and `cap` move there
    /// over the first `over=` rounds. `topk+ternary` and `topk+fp16` take `p=` (the share that is kept, default 0.01),
    /// `qsgd` takes `bits=` and `bucket=` (8 and 512), `rotated-1bit` takes `scale=` (`unbiased` or `nearest`).
    /// `masked`, which is not among `names` because it needs the rounds of secure aggregation, takes what
    /// `SharedCodecOptions` says.
    ///
    /// - Throws: `CodecError.unknownCodec` for a name that is not in `names`, `.invalidParameter`.
    public static func named(_ specification: String) throws(CodecError) -> any UpdateCodec {
        let parts = specification.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let parameters = try CodecParameters(parts.count > 1 ? parts[1] : "")
        switch parts.first ?? "" {
        case "float32":
            try parameters.allow([])
            return Float32Codec()
        case "int8":
            try parameters.allow([])
            return Int8Codec()
        case "auto": return TransformCodec(name: specification, options: try parameters.transformOptions())
        case "lowrank":
            var options = try parameters.transformOptions()
            options.gridUse = .vectorsOnly
            return TransformCodec(name: specification, options: options)
        case "entropy":
            var options = try parameters.transformOptions()
            options.allowsFactors = false
            return TransformCodec(name: specification, options: options)
        case "masked": return MaskedCodec(name: specification, options: try SharedCodecOptions(parameters))
        case let name:
            guard let codec = try BaselineCodecs.named(name, parameters) else { throw .unknownCodec(specification) }
            return codec
        }
    }
}
