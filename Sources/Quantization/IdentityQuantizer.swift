/// Keeps 32-bit floats: the quantizer of layers that are to stay as they are, under the same checks as all others.
public struct IdentityQuantizer: TensorQuantizer, Hashable {
    /// Makes the quantizer.
    public init() {}

    /// Quantizes a row-major matrix, see `TensorQuantizer.quantize`.
    public func quantize(_ values: [Float], rows: Int = 1) throws(QuantizationError) -> IdentityTensor {
        _ = try values.checkedColumnCount(rows: rows)
        return IdentityTensor(values: values)
    }
}

/// Values as they were.
public struct IdentityTensor: QuantizedTensor, Hashable {
    /// The values.
    public let values: [Float]

    /// Number of values.
    public var count: Int { values.count }
    /// Bits that the values and their side information take.
    public var bitCount: Int { 32 * values.count }
    /// Largest distance between a value and what it is decoded to.
    public var errorBound: Float { 0 }

    /// The values that this stands for.
    public func dequantized() -> [Float] { values }
}
