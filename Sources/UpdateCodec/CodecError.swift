import Quantization

/// What can be wrong with an update, a model difference or the name of a codec.
public enum CodecError: Error, Hashable, Sendable {
    /// An update holds NaN or infinity: one to encode, or one that came as plain floats. `index` is its position.
    case notFinite(index: Int)
    /// An update to transform holds a magnitude of 2^101 or more; clip it first.
    case magnitudeOutOfRange
    /// There are not as many elements as the layout says.
    case countMismatch(expected: Int, actual: Int)
    /// The bytes end before the format does.
    case truncated
    /// Bytes are left over after the format's end.
    case trailingBytes(Int)
    /// The header is damaged or belongs to a model of another layout.
    case corruptHeader
    /// The format version is not one that this build reads.
    case unsupportedVersion(Int)
    /// The bytes were made by another codec than the one asked to decode them.
    case wrongCodec(identifier: Int)
    /// The header is sound but the content is not: what the payload says cannot come from an encoder.
    case corruptPayload(String)
    /// No codec is registered under this name; `UpdateCodecs.names` lists those that are.
    case unknownCodec(String)
    /// A codec's specification carries a parameter that it does not take or a value out of range.
    case invalidParameter(String)
    /// The update was coded with the last change of the global model, or with a prediction, that the context does not hold.
    case missingContext
    /// The two lattices of a difference belong to models of different layouts.
    case layoutMismatch
}
