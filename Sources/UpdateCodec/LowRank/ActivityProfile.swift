import Foundation

/// Where the columns of a factor have been active so far: a value in a quiet place costs more bits than one in a busy
/// place, because the entropy coder expects it less.
struct ActivityProfile {
    private var sums: [Float]
    private var expected: Float = 0

    private static let prior: Float = 0.3

    init(length: Int) { sums = [Float](repeating: 0, count: length + 2) }

    /// Adds a quantized column, each with about the same weight.
    mutating func add(_ column: ArraySlice<Int32>) {
        let mean = column.reduce(Float(0)) { $0 + Float(abs($1)) } / Float(column.count)
        let weight = 1 / (mean + 1)
        for (index, value) in column.enumerated() { sums[index + 1] += Float(abs(value)) * weight }
        expected += mean * weight
    }

    /// log2 of the mean activity over that around a position.
    func rarity(at index: Int) -> Float {
        if expected == 0 { return 0 }
        let around = (4 * sums[index + 1] + sums[index] + sums[index + 2]) / 6
        return log2((expected + Self.prior) / (around + Self.prior))
    }
}
