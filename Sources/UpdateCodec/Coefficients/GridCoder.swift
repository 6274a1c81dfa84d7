/// Codes a matrix of quantized coefficients row by row: expected magnitudes come from the means of the row and of the
/// column so far, and from the neighbours.
struct GridCoder: ~Copyable {
    private let rows: Int
    private let columns: Int
    private let period: Int
    private let columnSums: UnsafeMutablePointer<Int32>
    private let previous: UnsafeMutablePointer<Int32>
    private let family: Int

    init(rows: Int, columns: Int, period: Int, family: Int) {
        self.rows = rows
        self.columns = columns
        self.period = period
        self.family = family
        columnSums = .allocate(capacity: columns)
        columnSums.initialize(repeating: 0, count: columns)
        previous = .allocate(capacity: columns)
        previous.initialize(repeating: 0, count: columns)
    }

    deinit {
        columnSums.deallocate()
        previous.deallocate()
    }

    /// Codes the whole matrix in place.
    ///
    /// - Parameters:
    ///   - values: rows × columns integers, row-major; a decoder fills them in.
    ///   - startLevel: log2 of the expected mean magnitude in units of 1/256.
    mutating func code<Coder: BinaryCoder>(
        _ values: UnsafeMutableBufferPointer<Int32>, startLevel: Int, model: borrowing CoefficientModel,
        with coder: inout Coder
    ) {
        var total = 0
        var count = 0
        let startMean = FactorCoder.power(startLevel + 4096)
        for row in 0..<rows {
            let line = UnsafeMutableBufferPointer(rebasing: values[(row * columns)..<((row + 1) * columns)])
            // All means in units of 2^-16, pulled towards the mean of everything so far.
            let mean = (total << 16 &+ 24 &* startMean) / (count + 24)
            let logMean = FixedLogarithm.log2(mean + 1)
            let columnBase = FixedLogarithm.log2(row + 2)
            var rowSum = 0
            for index in 0..<columns {
                let left = index > 0 ? Int(line[index - 1]) : 0
                let farther = index > 1 ? Int(line[index - 2]) : 0
                let above = period > 0 && index >= period ? Int(line[index - period]) : 0
                let over = Int(previous[index])
                let logRow =
                    FixedLogarithm.log2(rowSum << 16 &+ 6 &* mean &+ 1) - FixedLogarithm.log2(index + 6)
                let logColumn = FixedLogarithm.log2(Int(columnSums[index]) << 16 + 2 * mean + 1) - columnBase
                let product = logRow + logColumn - logMean - 4096
                let near = abs(left) * 3 + abs(farther) + abs(above) * 2 + abs(over) * 2
                let logNear = FixedLogarithm.log2((near << 16) + 8 * mean + 1) - 4 * 256 - 4096
                let context = CoefficientContext(
                    level: (product * 3 + logNear) / 4, left: left, above: period > 0 ? above : over,
                    firstHint: abs(over), secondHint: abs(farther), otherLevel: product)
                let value = model.code(Int(line[index]), context, family: family, with: &coder)
                line[index] = Int32(truncatingIfNeeded: value)
                rowSum &+= abs(value)
            }
            for index in 0..<columns {
                previous[index] = line[index]
                columnSums[index] &+= Int32(truncatingIfNeeded: min(1 << 20, abs(Int(line[index]))))
            }
            total &+= rowSum
            count += columns
        }
    }
}
