/// How active each position of a factor's columns has been so far, from which coders expect how active it will be.
struct PositionActivity: ~Copyable {
    let length: Int
    /// Distance to the neighbour above when positions lie on a grid; 0 for none.
    let period: Int
    /// Activity of position 0; `max(1, period)` zeros lie before the first and behind the last position.
    let positions: UnsafeMutablePointer<Int32>
    /// What `positions` would hold everywhere if all were equally active.
    private(set) var expected = 0
    private let base: UnsafeMutablePointer<Int32>

    /// Keeps sums of eight activities inside 24 bits.
    private static let largest: Int32 = 1 << 20
    private static let hintWeight = 128

    init(length: Int, period: Int) {
        self.length = length
        self.period = period
        let margin = max(1, period)
        base = .allocate(capacity: length + 2 * margin)
        base.initialize(repeating: 0, count: length + 2 * margin)
        positions = base + margin
    }

    deinit { base.deallocate() }

    /// Starts from an activity of each position that both sides know, on any scale.
    ///
    /// - Parameter hint: `length` values of at least 0.
    mutating func expect(_ hint: [Int]) {
        precondition(hint.count == length)
        let total = hint.reduce(0, +)
        guard total > 0 else { return }
        // As if components with a mean magnitude of 1 had been seen.
        for index in 0..<length {
            let relative = min(1 << 16, (hint[index] << 8) * length / total)
            positions[index] = Int32(relative * Self.hintWeight / 256)
        }
        expected = Self.hintWeight
    }

    /// Adds a column, whose magnitudes have the sum `sum`, each column by about the same weight.
    mutating func remember(_ column: UnsafePointer<Int32>, sum: Int) {
        let mean = sum << 8 / length
        let weight = Int32(64 * 256 / (256 + mean))
        for index in 0..<length {
            positions[index] = min(Self.largest, positions[index] &+ abs(column[index]) &* weight)
        }
        expected += mean * Int(weight) / 256
    }
}
