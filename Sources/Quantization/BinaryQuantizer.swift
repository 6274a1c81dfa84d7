/// One bit per value: ±α with α the mean magnitude of the row, which is the least-squares scale of the signs
/// (Rastegari et al. 2016, section 3.1, arXiv:1603.05279). Zero counts as positive.
public struct BinaryQuantizer: TensorQuantizer, Hashable {
    /// Makes the quantizer.
    public init() {}

    /// Quantizes a row-major matrix, see `TensorQuantizer.quantize`.
    public func quantize(_ values: [Float], rows: Int = 1) throws(QuantizationError) -> BinaryTensor {
        let columns = try values.checkedColumnCount(rows: rows)
        var scales: [Float] = []
        var bound: Float = 0
        for start in stride(from: 0, to: rows * columns, by: max(1, columns)) {
            let row = values[start..<(start + columns)]
            let scale = Float(row.reduce(0.0) { $0 + Double(abs($1)) } / Double(columns))
            scales.append(scale)
            bound = row.reduce(bound) { max($0, abs(abs($1) - scale)) }
        }
        let bits = PackedIntegers.pack(values.map { $0 < 0 ? 1 : 0 }, width: 1)
        return BinaryTensor(scales: scales, signs: bits, count: values.count, errorBound: bound)
    }
}

/// Signs and one scale per row.
public struct BinaryTensor: QuantizedTensor, Hashable {
    /// Magnitude of all values of a row.
    public let scales: [Float]
    /// One bit per value, lowest first; 1 is negative.
    public let signs: [UInt8]
    /// Number of values.
    public let count: Int
    /// Largest distance between a value and what it is decoded to.
    public let errorBound: Float

    /// Bits that the values and their side information take.
    public var bitCount: Int { count + 32 * scales.count }

    /// The values that this stands for.
    public func dequantized() -> [Float] {
        let columns = scales.isEmpty ? 0 : count / scales.count
        return (0..<count).map { index in
            let isNegative = signs[index >> 3] >> UInt8(index & 7) & 1 == 1
            return isNegative ? -scales[index / columns] : scales[index / columns]
        }
    }
}
