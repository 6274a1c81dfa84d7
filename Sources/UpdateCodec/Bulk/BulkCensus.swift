import Foundation

/// Counts values by class and fits a shape to them.
struct BulkCensus {
    private var counts = [Int](repeating: 0, count: BulkShape.classCount)
    private var nonzeros = [Int](repeating: 0, count: BulkShape.classCount)
    private var sums = [Int](repeating: 0, count: BulkShape.classCount)
    /// Signs per factor and strength: all, and those that agree.
    private var signs = [Int](repeating: 0, count: 2 * (BulkShape.strengthCount + 1))
    private var agreeing = [Int](repeating: 0, count: 2 * (BulkShape.strengthCount + 1))

    /// Adds a column.
    ///
    /// - Parameter contexts: as `BulkLine.contexts` gives them.
    mutating func add(_ values: UnsafePointer<Int32>, contexts: [BulkLine.Context], side: Int) {
        for (index, context) in contexts.enumerated() {
            let level = Int(context.level)
            let value = values[index]
            let high = Int(abs(value)) >> BulkShape.shift(of: level)
            counts[level] &+= 1
            guard value != 0 else { continue }
            nonzeros[level] &+= high > 0 ? 1 : 0
            sums[level] &+= high
            let place = side * (BulkShape.strengthCount + 1) + Int(context.strength)
            signs[place] &+= 1
            agreeing[place] &+= (value < 0) == context.isNegative ? 1 : 0
        }
    }

    /// The shape that makes the counted values likely.
    func shape() -> BulkShape {
        let used = counts.indices.filter { counts[$0] > 0 }
        guard let first = used.first, let last = used.last else { return BulkShape() }
        var shape = BulkShape(classes: first...last, zeroCodes: [], tailCodes: [])
        for level in first...last {
            let zeros = counts[level] - nonzeros[level]
            let zero = counts[level] > 0 ? Self.code(zeros, of: counts[level]) : shape.zeroCodes.last
            let tails = sums[level] - nonzeros[level]
            let tail = sums[level] > 0 ? Self.code(tails, of: sums[level]) : shape.tailCodes.last
            shape.zeroCodes.append(zero ?? 32)
            shape.tailCodes.append(tail ?? 32)
        }
        for side in 0..<2 {
            for strength in 1...BulkShape.strengthCount {
                let place = side * (BulkShape.strengthCount + 1) + strength
                guard signs[place] > 0 else { continue }
                shape.signCodes[side * BulkShape.strengthCount + strength - 1] = Self.code(
                    agreeing[place], of: signs[place])
            }
        }
        return shape
    }

    private static func code(_ part: Int, of whole: Int) -> Int {
        let bounded = max(1e-5, min(1 - 1e-5, Double(part) / Double(whole)))
        return max(0, min(BulkShape.largestCode, Int((4 * log(bounded / (1 - bounded))).rounded()) + 32))
    }
}
