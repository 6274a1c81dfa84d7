/// A model in the form that the interpreter runs from: flat, without pointers, read in place from flash or a file.
///
/// The bytes are borrowed: they must stay where they are, unchanged, as long as the image is used. After `init` every
/// offset in it has been checked, so running it reads nothing beyond its end.
public struct ModelImage {
    /// First byte.
    public let base: UnsafeRawPointer
    /// Size in bytes.
    public let byteCount: Int
    /// Number of tensors.
    public let tensorCount: Int
    /// Number of operations.
    public let operationCount: Int
    /// Whose rounding the constants are for.
    public let profile: RoundingProfile
    /// Bytes of working memory that running takes.
    public let arenaByteCount: Int
    /// Whether some activations have 16 bits.
    public let hasWideActivations: Bool
    let tensorTable: Int
    let operationTable: Int
    let scratchOffset: Int

    /// Checks the bytes of an image.
    ///
    /// - Parameter verifyingChecksum: false skips the checksum, for a device whose boot loader has checked the flash.
    /// - Throws: `ImageError`; never traps and never reads beyond `bytes`, whatever they are.
    public init(_ bytes: UnsafeRawBufferPointer, verifyingChecksum: Bool = true) throws(ImageError) {
        typealias Field = ModelImageFormat.Header
        guard let base = bytes.baseAddress, bytes.count >= ModelImageFormat.headerSize else {
            throw .truncated(byteCount: bytes.count)
        }
        guard base.word(Field.magic) == ModelImageFormat.magic else { throw .notAnImage }
        let version = base.short(Field.version)
        guard version == ModelImageFormat.version || version == ModelImageFormat.wideVersion,
            let profile = RoundingProfile(rawValue: base.byte(Field.profile))
        else { throw .unsupported(version: version, profile: Int(base.byte(Field.profile))) }
        let limit = UInt32(ModelImageFormat.maximumByteCount)
        guard base.word(Field.byteCount) <= limit, base.word(Field.tensorTable) <= limit,
            base.word(Field.operationTable) <= limit, base.word(Field.arenaByteCount) <= limit,
            base.word(Field.scratchOffset) <= limit
        else { throw .invalidHeader }
        self.base = base
        self.profile = profile
        hasWideActivations = version == ModelImageFormat.wideVersion
        byteCount = Int(base.word(Field.byteCount))
        tensorCount = base.short(Field.tensorCount)
        operationCount = base.short(Field.operationCount)
        tensorTable = Int(base.word(Field.tensorTable))
        operationTable = Int(base.word(Field.operationTable))
        arenaByteCount = Int(base.word(Field.arenaByteCount))
        scratchOffset = Int(base.word(Field.scratchOffset))
        guard byteCount <= bytes.count, byteCount >= ModelImageFormat.headerSize else {
            throw .truncated(byteCount: bytes.count)
        }
        try validate(verifyingChecksum: verifyingChecksum)
    }

    /// Index of the tensor that a sample goes into.
    public var input: Int { base.short(ModelImageFormat.Header.input) }
    /// Index of the tensor with the result.
    public var output: Int { base.short(ModelImageFormat.Header.output) }

    /// A tensor; `index` below `tensorCount`.
    @inline(__always)
    public func tensor(_ index: Int) -> ImageTensor {
        ImageTensor(base + (tensorTable &+ index &* ModelImageFormat.tensorSize))
    }

    /// An operation; nil only for an unknown kind, which `init` has refused.
    @inline(__always)
    public func operation(_ index: Int) -> ImageOperation? {
        ImageOperation(base + (operationTable &+ index &* ModelImageFormat.operationSize))
    }
}
