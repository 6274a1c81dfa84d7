/// Sorts the positions of a factor's columns into classes of expected magnitude, column by column.
struct FactorClasses: ~Copyable {
    private var activity: PositionActivity
    private let classes: UnsafeMutablePointer<UInt8>

    private static let prior: Int32 = 100

    init(length: Int, period: Int) {
        activity = PositionActivity(length: length, period: period)
        classes = .allocate(capacity: length)
        classes.initialize(repeating: 0, count: length)
    }

    deinit { classes.deallocate() }

    /// A column of the factor.
    ///
    /// - Parameter side: 0 for a left factor, 1 for a right one.
    func line(side: Int) -> BulkLine { BulkLine(count: activity.length, period: activity.period, side: side) }

    mutating func expect(_ hint: [Int]) { activity.expect(hint) }

    /// Sorts the next column.
    ///
    /// - Parameter meanLevel: log2 of the column's mean magnitude in units of 1/256.
    /// - Returns: one class per position, valid until the next call.
    func classify(meanLevel: Int) -> UnsafePointer<UInt8> {
        let neighbours = activity.period > 0 ? 8 : 6
        let expected = Int32(truncatingIfNeeded: min(1 << 23, neighbours * activity.expected)) + Self.prior
        let base = Int32(meanLevel + 2048) - Self.logarithm(expected)
        let last = Int32(BulkShape.classCount - 1)
        let own = activity.positions
        let period = activity.period
        if period > 0 {
            for index in 0..<activity.length {
                let around =
                    4 &* own[index] &+ own[index - 1] &+ own[index + 1] &+ own[index - period] &+ own[index + period]
                let level = (base &+ Self.logarithm(around &+ Self.prior)) >> 7
                classes[index] = UInt8(truncatingIfNeeded: max(0, min(last, level)))
            }
        } else {
            for index in 0..<activity.length {
                let around = 4 &* own[index] &+ own[index - 1] &+ own[index + 1]
                let level = (base &+ Self.logarithm(around &+ Self.prior)) >> 7
                classes[index] = UInt8(truncatingIfNeeded: max(0, min(last, level)))
            }
        }
        return UnsafePointer(classes)
    }

    mutating func remember(_ column: UnsafePointer<Int32>) {
        var sum = 0
        for index in 0..<activity.length { sum &+= Int(abs(column[index])) }
        activity.remember(column, sum: sum)
    }

    /// log2 in units of 1/256, linear within an octave, of 1…2^24: the upper bits of the number as a float, whose
    /// conversion is exact, and which several numbers can share an instruction for.
    @inline(__always)
    private static func logarithm(_ value: Int32) -> Int32 {
        Int32(bitPattern: Float(value).bitPattern) >> 15 &- 127 << 8
    }
}
