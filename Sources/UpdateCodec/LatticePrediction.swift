import Quantization
import Tensors

/// Predicts the rows of a lattice from an older version, in integers only, so that every machine predicts the same.
enum LatticePrediction {
    /// 2^(r/4) for r = 0…3 in units of 2^-30.
    private static let quarterSteps: [Int64] = [1_073_741_824, 1_276_901_417, 1_518_500_250, 1_805_811_301]

    /// The value on the grid of `to` that lies nearest to `value` on the grid of `from`, halves away from zero, within
    /// ±`levels`.
    static func rescale(_ value: Int16, from: Int8, to: Int8, levels: Int) -> Int {
        let steps = Int(from) - Int(to)
        if steps == 0 { return Int(value) }
        let shift = 30 - (steps >> 2)
        if shift > 62 { return 0 }
        // Beyond 2^15 any value but 0 leaves the range, so larger shifts need no exact product.
        let product = abs(Int64(value)) * quarterSteps[steps & 3]
        let magnitude = shift <= 14 ? (value == 0 ? 0 : Int64(levels)) : (product + 1 << (shift - 1)) >> shift
        let bounded = Int(min(magnitude, Int64(levels)))
        return value < 0 ? -bounded : bounded
    }

    /// Calls `body` with the range, scale row and level count of each row of a layout.
    static func forEachRow(of layout: ParameterLayout, _ body: (Range<Int>, Int, Int) -> Void) {
        var row = 0
        for entry in layout.entries {
            let levels = ModelLattice.levels(of: entry.kind)
            for start in stride(from: entry.offset, to: entry.range.upperBound, by: entry.columnCount) {
                body(start..<(start + entry.columnCount), row, levels)
                row += 1
            }
        }
    }
}
