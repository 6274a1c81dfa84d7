/// The part of 2^12 that belongs to a symbol.
struct BulkInterval {
    var start: UInt32 = 0
    /// 0 for a symbol that is not used.
    var frequency: UInt32 = 0
    private var reciprocal: UInt64 = 0

    init() {}

    /// - Parameter frequency: 1…2^12.
    init(start: Int, frequency: Int) {
        self.start = UInt32(start)
        self.frequency = UInt32(frequency)
        reciprocal = (1 << 44) / UInt64(frequency) + 1
    }

    /// state / frequency, for states below frequency · 2^20.
    ///
    /// The product exceeds state · 2^44 / frequency by at most `state`, which is less than 2^44 / frequency, and stays
    /// below 2^64: the integer part is exact (Granlund, Montgomery 1994, doi:10.1145/178243.178249).
    @inline(__always)
    func quotient(of state: UInt32) -> UInt32 { UInt32(truncatingIfNeeded: (UInt64(state) &* reciprocal) >> 44) }
}

/// What a shape is turned into for writing.
struct BulkIntervals {
    /// Per class and symbol.
    private(set) var symbols = [BulkInterval](
        repeating: BulkInterval(), count: BulkShape.classCount * BulkFrequencies.symbolCount)
    /// Per factor and strength: signs that agree, and others.
    let signs: [[BulkInterval]]

    init(_ shape: BulkShape) {
        let agreeing = shape.signFrequencies().map(Int.init)
        signs = (0..<2).map { side in
            agreeing[(side * (BulkShape.strengthCount + 1))...].prefix(BulkShape.strengthCount + 1).flatMap {
                [BulkInterval(start: 0, frequency: $0), BulkInterval(start: $0, frequency: 4096 - $0)]
            }
        }
        for (index, level) in shape.classes.enumerated() {
            var start = 0
            for (symbol, frequency) in shape.frequencies(at: index).enumerated() where frequency > 0 {
                symbols[level * BulkFrequencies.symbolCount + symbol] = BulkInterval(start: start, frequency: frequency)
                start += frequency
            }
        }
    }
}
