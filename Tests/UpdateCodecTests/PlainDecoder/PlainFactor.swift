/// Section 6 of `Docs/update-format.md`, written down plainly.
struct PlainFactor {
    let length: Int
    let period: Int
    let family: Int
    private var activity: [Int]
    private var expected = 0
    private var before: [[Int]]

    init(length: Int, period: Int, family: Int) {
        self.length = length
        self.period = period
        self.family = family
        activity = [Int](repeating: 0, count: length)
        before = [activity, activity]
    }

    mutating func column(scale: Int, from reader: inout PlainBitReader) -> [Int] {
        func log2(_ v: Int) -> Int { PlainBitReader.log2(v) }
        func active(_ j: Int) -> Int { activity.indices.contains(j) ? activity[j] : 0 }
        let square = 128 * scale - log2(length)
        let mean = PlainBitReader.power(max(-1500, min(square / 2 - 128, square)) + 2048)
        let weight = 16384 / (256 + mean)
        let hoped = (period > 0 ? 8 : 6) * expected + (period > 0 ? 4 : 2) * mean * weight / 256
        var values: [Int] = []
        var sum = 0
        for j in 0..<length {
            let left = j > 0 ? values[j - 1] : 0
            let above = period > 0 && j >= period ? values[j - period] : 0
            var around = 4 * active(j) + active(j - 1) + active(j + 1) + 2 * weight * (abs(left) + abs(above))
            if period > 0 { around += active(j - period) + active(j + period) }
            let base = log2(256 * sum + 32 * mean) - log2(j + 32) - 2048
            let surroundings = PlainBitReader.Surroundings(
                level: base + log2(around + 100) - log2(hoped + 100), left: left, above: above,
                first: abs(before[0][j]), second: abs(before[1][j]),
                otherLevel: base + log2(4 * active(j) + 100) - log2(4 * expected + 100))
            let value = reader.coefficient(surroundings, family: family)
            values.append(value)
            sum += abs(value)
        }
        remember(values)
        return values
    }

    private mutating func remember(_ values: [Int]) {
        let found = 256 * values.reduce(0) { $0 + abs($1) } / length
        let share = 16384 / (256 + found)
        for j in 0..<length { activity[j] = min(1 << 20, activity[j] + abs(values[j]) * share) }
        expected += found * share / 256
        before = [values, before[0]]
    }

    /// A column in bulk (section 8) from the code of its mean.
    mutating func bulkColumn(meanCode: Int, side: Int, from reader: inout PlainBulkReader) -> [Int] {
        func active(_ j: Int) -> Int { activity.indices.contains(j) ? activity[j] : 0 }
        /// The logarithm without its last term.
        func log2(_ v: Int) -> Int {
            let e = Int.bitWidth - 1 - v.leadingZeroBitCount
            return 256 * e + ((v << 8) >> e) - 256
        }
        let hoped = (period > 0 ? 8 : 6) * expected
        let classes = (0..<length).map { j in
            var around = 4 * active(j) + active(j - 1) + active(j + 1)
            if period > 0 { around += active(j - period) + active(j + period) }
            let level = 64 * meanCode - 2112 + log2(around + 100) - log2(hoped + 100)
            return max(0, min(31, (level + 2048) >> 7))
        }
        let values = reader.column(classes: classes, period: period, side: side)
        remember(values)
        return values
    }
}

/// Section 7 of `Docs/update-format.md`, written down plainly.
extension PlainBitReader {
    mutating func grid(rows: Int, columns: Int, period: Int, family: Int, level: Int) -> [Int] {
        func log2(_ v: Int) -> Int { Self.log2(v) }
        var values: [Int] = []
        let start = Self.power(level + 4096)
        for row in 0..<rows {
            let mean = (values.reduce(0) { $0 + abs($1) } * 65536 + 24 * start) / (values.count + 24)
            var sum = 0
            for j in 0..<columns {
                let here = row * columns + j
                let left = j > 0 ? values[here - 1] : 0
                let farther = j > 1 ? values[here - 2] : 0
                let above = period > 0 && j >= period ? values[here - period] : 0
                let over = row > 0 ? values[here - columns] : 0
                let column = (0..<row).reduce(0) { $0 + min(1 << 20, abs(values[$1 * columns + j])) }
                let product =
                    log2(65536 * sum + 6 * mean + 1) - log2(j + 6) + log2(65536 * column + 2 * mean + 1)
                    - log2(row + 2) - log2(mean + 1) - 4096
                let near = 3 * abs(left) + abs(farther) + 2 * abs(above) + 2 * abs(over)
                let level = (3 * product + log2(65536 * near + 8 * mean + 1) - 5120) / 4
                let surroundings = Surroundings(
                    level: level, left: left, above: period > 0 ? above : over, first: abs(over), second: abs(farther),
                    otherLevel: product)
                let value = coefficient(surroundings, family: family)
                values.append(value)
                sum += abs(value)
            }
        }
        return values
    }
}
