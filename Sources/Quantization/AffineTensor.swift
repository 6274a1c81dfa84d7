/// A matrix that `AffineQuantizer` has quantized: value = scale of its row · (integer − zero point of its row).
public struct AffineTensor: Hashable, Sendable {
    /// One scale per row, ≥ 0; 0 where every value of the row is 0 or too small to represent.
    public let scales: [Float]
    /// One zero point per row.
    public let zeroPoints: [Int16]
    /// The integers, row-major, `scales.count` rows.
    public let integers: [Int16]

    /// The values that the integers stand for.
    public func dequantized() -> [Float] {
        let columns = scales.isEmpty ? 0 : integers.count / scales.count
        var output = [Float](repeating: 0, count: integers.count)
        for row in 0..<scales.count {
            for index in (row * columns)..<((row + 1) * columns) {
                output[index] = scales[row] * Float(integers[index] - zeroPoints[row])
            }
        }
        return output
    }
}
