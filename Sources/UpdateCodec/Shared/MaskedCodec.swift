import Tensors

/// The codec of the masked lane: one byte per whole number of the round's `SharedCodec`, as the client keeps them
/// before they are masked. They leave the client only under masks.
public struct MaskedCodec: UpdateCodec {
    /// The specification.
    public let name: String
    /// How updates are made small.
    public let options: SharedCodecOptions
    /// Never: what is left out stays in the residual.
    public var isLossless: Bool { false }

    init(name: String, options: SharedCodecOptions) {
        self.name = name
        self.options = options
    }

    /// Whether a specification names the masked lane.
    public static func isNamed(by specification: String) -> Bool {
        specification == "masked" || specification.hasPrefix("masked:")
    }

    /// The whole numbers of an update.
    ///
    /// - Throws: `CodecError.missingContext` without the round's shared codec, `.countMismatch`, `.notFinite`.
    public func encode(
        _ update: [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) -> [UInt8] {
        guard update.count == layout.count else {
            throw .countMismatch(expected: layout.count, actual: update.count)
        }
        if let index = update.firstIndex(where: { !$0.isFinite }) { throw .notFinite(index: index) }
        guard let shared = context.shared else { throw .missingContext }
        return Self.bytes(shared.quantize(update, seed: context.seed))
    }

    /// What they stand for.
    ///
    /// - Throws: `CodecError.missingContext`, `.countMismatch`.
    public func decode(
        _ bytes: [UInt8], layout: ParameterLayout, context: CodecContext, into output: inout [Float]
    ) throws(CodecError) {
        guard let shared = context.shared else { throw .missingContext }
        output = try shared.mean(Self.values(bytes), clients: 1)
    }

    /// Whole numbers as the client keeps them, each from −128 to 127.
    public static func bytes(_ values: [Int32]) -> [UInt8] { values.map { UInt8(bitPattern: Int8($0)) } }

    /// The whole numbers in what `encode` made.
    public static func values(_ bytes: [UInt8]) -> [Int32] { bytes.map { Int32(Int8(bitPattern: $0)) } }
}
