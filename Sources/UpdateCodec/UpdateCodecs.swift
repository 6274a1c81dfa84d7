/// The codecs that scenario files can name.
public enum UpdateCodecs {
    /// Names that `named` accepts.
    public static var names: [String] { ["float32", "int8"] }

    /// Finds a codec by its specification.
    ///
    /// - Throws: `CodecError.unknownCodec` for a name that is not in `names`.
    public static func named(_ name: String) throws(CodecError) -> any UpdateCodec {
        switch name {
        case "float32": Float32Codec()
        case "int8": Int8Codec()
        default: throw .unknownCodec(name)
        }
    }
}
