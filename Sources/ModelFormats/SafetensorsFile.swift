/// A safetensors file: named tensors and a dictionary of strings
/// (https://huggingface.co/docs/safetensors, "Format").
///
/// The file is a little-endian 64-bit length, that many bytes of JSON beginning with `{`, and the tensors' data,
/// little-endian and row-major, one tensor behind the other without holes. There is no 4-bit type: packed values are
/// stored as `U8`, and the metadata say so.
public struct SafetensorsFile: Hashable, Sendable {
    /// Largest JSON header that is read or written (16 MiB).
    public static let maximumHeaderByteCount = 1 << 24
    /// The header's key for the dictionary of strings.
    static let metadataKey = "__metadata__"

    /// The tensors; after decoding in the order of their data.
    public let tensors: [SafetensorsTensor]
    /// Free text about the model, empty if there is none.
    public let metadata: [String: String]

    /// Collects tensors for a file; `encoded()` checks them.
    public init(tensors: [SafetensorsTensor], metadata: [String: String] = [:]) {
        self.tensors = tensors
        self.metadata = metadata
    }

    /// The tensor of a name, if there is one.
    public subscript(name: String) -> SafetensorsTensor? { tensors.first { $0.name == name } }

    /// The bytes that a tensor of this shape and type takes; `nil` for a negative size and beyond `Int`.
    static func byteCount(_ shape: [Int], _ dtype: SafetensorsTensor.ElementType) -> Int? {
        // The product of the other sizes is checked even where a size of 0 makes the whole 0.
        var count = dtype.byteCount
        var isEmpty = false
        for size in shape {
            guard size >= 0 else { return nil }
            if size == 0 {
                isEmpty = true
                continue
            }
            let product = count.multipliedReportingOverflow(by: size)
            guard !product.overflow else { return nil }
            count = product.partialValue
        }
        return isEmpty ? 0 : count
    }
}
