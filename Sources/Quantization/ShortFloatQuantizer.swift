/// Sixteen-bit floats. What is beyond the range saturates at the largest finite value.
public struct ShortFloatQuantizer: TensorQuantizer, Hashable {
    /// The two formats of 16 bits.
    public enum Format: Hashable, Sendable {
        /// IEEE binary16: 11 bits of precision, up to 65504, steps of 2^−24 near zero.
        case half
        /// bfloat16: 8 bits of precision over the whole range of 32-bit floats.
        case brain
    }

    /// The format.
    public let format: Format

    /// Makes a quantizer.
    public init(_ format: Format) { self.format = format }

    /// Quantizes a row-major matrix, see `TensorQuantizer.quantize`.
    public func quantize(_ values: [Float], rows: Int = 1) throws(QuantizationError) -> ShortFloatTensor {
        _ = try values.checkedColumnCount(rows: rows)
        let codes =
            switch format {
            case .half: values.map { HalfFloat.code(max(-HalfFloat.largest, min(HalfFloat.largest, $0))) }
            case .brain: values.map { BrainFloat.code(max(-BrainFloat.largest, min(BrainFloat.largest, $0))) }
            }
        return ShortFloatTensor(format: format, codes: codes, errorBound: bound(values))
    }

    private func bound(_ values: [Float]) -> Float {
        let largest = values.reduce(Float(0)) { max($0, abs($1)) }
        switch format {
        case .half: return max(0x1p-25, min(largest, HalfFloat.largest) * 0x1p-11, largest - HalfFloat.largest)
        case .brain: return max(0x1p-134, largest * 0x1p-8)
        }
    }
}

/// Values as 16-bit floats.
public struct ShortFloatTensor: QuantizedTensor, Hashable {
    /// The format of the codes.
    public let format: ShortFloatQuantizer.Format
    /// One code per value.
    public let codes: [UInt16]
    /// Largest distance between a value and what it is decoded to.
    public let errorBound: Float

    /// Number of values.
    public var count: Int { codes.count }
    /// Bits that the values and their side information take.
    public var bitCount: Int { 16 * codes.count }

    /// The values that this stands for.
    public func dequantized() -> [Float] {
        switch format {
        case .half: codes.map { HalfFloat.value($0) }
        case .brain: codes.map { BrainFloat.value($0) }
        }
    }
}
