/// Values −α, 0 and α per row (ternary weight networks; Li, Zhang, Liu 2016, arXiv:1605.04711).
public struct TernaryQuantizer: TensorQuantizer, Hashable {
    /// How the magnitude is found below which a value becomes 0.
    public enum Threshold: Hashable, Sendable {
        /// 0.7 of the mean magnitude (equation 6 of the paper): linear time.
        case approximate
        /// The threshold with the least squared error (equation 5): sorts the row.
        case exact
    }

    /// How the threshold is found.
    public let threshold: Threshold

    /// Makes a quantizer.
    public init(threshold: Threshold = .approximate) { self.threshold = threshold }

    /// Quantizes a row-major matrix, see `TensorQuantizer.quantize`.
    public func quantize(_ values: [Float], rows: Int = 1) throws(QuantizationError) -> TernaryTensor {
        let columns = try values.checkedColumnCount(rows: rows)
        var scales: [Float] = []
        var symbols = [UInt8](repeating: 1, count: values.count)
        var bound: Float = 0
        for start in stride(from: 0, to: rows * columns, by: max(1, columns)) {
            let row = values[start..<(start + columns)]
            let limit = threshold == .approximate ? Self.approximateLimit(row) : Self.exactLimit(row)
            var kept = 0.0
            var sum = 0.0
            for value in row where abs(value) > limit {
                kept += 1
                sum += Double(abs(value))
            }
            let scale = kept > 0 ? Float(sum / kept) : 0
            for index in row.indices {
                let magnitude = abs(row[index])
                if magnitude > limit { symbols[index] = row[index] < 0 ? 0 : 2 }
                bound = max(bound, magnitude > limit ? abs(magnitude - scale) : magnitude)
            }
            scales.append(scale)
        }
        let packed = PackedIntegers.pack(symbols, width: 2)
        return TernaryTensor(scales: scales, symbols: packed, count: values.count, errorBound: bound)
    }

    private static func approximateLimit(_ row: ArraySlice<Float>) -> Float {
        let mean = row.reduce(0.0) { $0 + Double(abs($1)) } / Double(max(1, row.count))
        return Float(0.7 * mean)
    }

    /// The kept magnitudes are always the largest; of k of them with sum s, the error falls by s²/k.
    private static func exactLimit(_ row: ArraySlice<Float>) -> Float {
        let magnitudes = row.map { abs($0) }.sorted(by: >)
        var sum = 0.0
        var best = 0.0
        var limit: Float = 0
        for (index, magnitude) in magnitudes.enumerated() where magnitude > 0 {
            sum += Double(magnitude)
            let next = index + 1 < magnitudes.count ? magnitudes[index + 1] : 0
            // Equal magnitudes are kept or dropped together.
            if next < magnitude, sum * sum / Double(index + 1) > best {
                best = sum * sum / Double(index + 1)
                limit = next
            }
        }
        return limit
    }
}

/// Two bits per value and one scale per row.
public struct TernaryTensor: QuantizedTensor, Hashable {
    /// Magnitude of the values of a row that are not 0.
    public let scales: [Float]
    /// Two bits per value: 0, 1, 2 stand for −1, 0, 1.
    public let symbols: [UInt8]
    /// Number of values.
    public let count: Int
    /// Largest distance between a value and what it is decoded to.
    public let errorBound: Float

    /// Bits that the values and their side information take.
    public var bitCount: Int { 2 * count + 32 * scales.count }

    /// The values that this stands for.
    public func dequantized() -> [Float] {
        let columns = scales.isEmpty ? 0 : count / scales.count
        return (0..<count).map { index in
            let symbol = symbols[index >> 2] >> UInt8(2 * (index & 3)) & 3
            return (Float(symbol) - 1) * scales[index / columns]
        }
    }
}
