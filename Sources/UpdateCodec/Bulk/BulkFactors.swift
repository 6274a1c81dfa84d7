/// Codes the factors of one tensor in bulk: distributions and column means as side numbers, values by a `BulkCoder`.
struct BulkFactors: ~Copyable {
    private var lefts: FactorClasses
    private var rights: FactorClasses
    private let rows: Int
    private let columns: Int

    /// log2 of a column's mean magnitude is 64 · code − 2112; code 0 is a column of zeros.
    static let largestMeanCode = 127

    init(geometry: TensorGeometry, view: TensorGeometry.View, known: KnownActivity?) {
        rows = geometry.rows(in: view)
        columns = geometry.columns(in: view)
        lefts = FactorClasses(length: rows, period: geometry.rowPeriod(in: view))
        rights = FactorClasses(length: columns, period: geometry.columnPeriod(in: view))
        if let known {
            lefts.expect(known.sums(of: geometry, view: view, alongRows: true))
            rights.expect(known.sums(of: geometry, view: view, alongRows: false))
        }
    }

    /// The code of a column's mean.
    static func meanCode(of values: UnsafePointer<Int32>, count: Int) -> Int {
        var sum = 0
        for index in 0..<count { sum &+= Int(abs(values[index])) }
        guard sum > 0 else { return 0 }
        let level = FixedLogarithm.log2((sum << 16) / count + 1) - 4096
        return max(1, min(largestMeanCode, (level + 2112 + 32) >> 6))
    }

    /// Runs `body` over the columns, right before left, strongest first, with the classes of their positions.
    ///
    /// - Parameter meanCode: gives the code of a column's mean: from its place in that order, length and values.
    mutating func walk(
        _ code: inout LowRankCode, meanCode: (Int, Int, UnsafePointer<Int32>) -> Int,
        body: (UnsafeMutablePointer<Int32>, UnsafePointer<UInt8>, BulkLine) -> Void
    ) {
        let (rank, rows, columns) = (code.rank, rows, columns)
        code.left.withUnsafeMutableBufferPointer { left in
            code.right.withUnsafeMutableBufferPointer { right in
                guard let left = left.baseAddress, let right = right.baseAddress else { return }
                for component in 0..<rank {
                    for (isRight, column, length) in [
                        (true, right + component * columns, columns), (false, left + component * rows, rows),
                    ] {
                        let mean = meanCode(2 * component + (isRight ? 0 : 1), length, column)
                        if mean == 0 { continue }
                        let level = 64 * mean - 2112
                        if isRight {
                            body(column, rights.classify(meanLevel: level), rights.line(side: 1))
                            rights.remember(column)
                        } else {
                            body(column, lefts.classify(meanLevel: level), lefts.line(side: 0))
                            lefts.remember(column)
                        }
                    }
                }
            }
        }
    }
}
