/// Why an image cannot be run. Offsets and indices only, so that it needs no memory on a device.
public enum ImageError: Error, Hashable, Sendable {
    /// Fewer bytes than a header, or than the header declares.
    case truncated(byteCount: Int)
    /// The first bytes are not those of a model image.
    case notAnImage
    /// A version or profile that this runtime does not know.
    case unsupported(version: Int, profile: Int)
    /// The checksum does not match: the image was damaged.
    case damaged
    /// A size in the header is beyond what is accepted or beyond the image.
    case invalidHeader
    /// A tensor is empty, too large, or lies outside the arena.
    case invalidTensor(index: Int)
    /// An operation names what is not there, or its shapes do not fit.
    case invalidOperation(index: Int)
    /// The image was made for another rounding profile than the interpreter's.
    case otherProfile
    /// The image has activations of 16 bits, for which the interpreter's rules have no kernels; see `WideRules`.
    case wideActivations
    /// The arena has fewer bytes than the image needs, or does not begin at a multiple of 8.
    case arenaUnfit(needed: Int)
}
