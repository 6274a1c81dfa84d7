/// Codes the quantized columns of one factor of a low-rank product, strongest first.
///
/// Positions that were active in the stronger columns, and around which the column itself is active, are likely to be
/// active again: the expected magnitude is the column's own mean, which its singular value announces, times a pooled
/// ratio of what was seen around the position to what was to be expected there.
struct FactorCoder: ~Copyable {
    private var activity: PositionActivity
    private let margin: Int
    private let column: UnsafeMutablePointer<Int32>
    private let before: UnsafeMutablePointer<Int32>
    private let beforeThat: UnsafeMutablePointer<Int32>
    private let family: Int

    /// - Parameters:
    ///   - length: elements of each column.
    ///   - period: distance to the neighbour above when positions lie on a grid; 0 for none.
    init(length: Int, period: Int, family: Int) {
        self.family = family
        activity = PositionActivity(length: length, period: period)
        margin = max(1, period)
        let capacity = length + margin
        column = Self.zeros(capacity)
        before = Self.zeros(capacity)
        beforeThat = Self.zeros(capacity)
    }

    deinit {
        column.deallocate()
        before.deallocate()
        beforeThat.deallocate()
    }

    /// Starts from an activity of each position that both sides know, on any scale.
    ///
    /// - Parameter hint: `length` values of at least 0.
    mutating func expect(_ hint: [Int]) { activity.expect(hint) }

    private static func zeros(_ capacity: Int) -> UnsafeMutablePointer<Int32> {
        let pointer = UnsafeMutablePointer<Int32>.allocate(capacity: capacity)
        pointer.initialize(repeating: 0, count: capacity)
        return pointer
    }

    /// Codes one column in place.
    ///
    /// - Parameters:
    ///   - values: `length` integers; a decoder fills them in.
    ///   - logEnergy: log2 of the column's energy in squared steps, in units of 1/256.
    mutating func code<Coder: BinaryCoder>(
        _ values: UnsafeMutableBufferPointer<Int32>, logEnergy: Int, model: borrowing CoefficientModel,
        with coder: inout Coder
    ) {
        let (length, period, positions) = (activity.length, activity.period, activity.positions)
        // In units of 1/256 of a step.
        let startMean = Self.power(Self.expectedLevel(logEnergy: logEnergy, length: length) + 2048)
        let weight = 64 * 256 / (256 + startMean)
        let hasGrid = period > 0
        let expected = (hasGrid ? 8 : 6) * activity.expected + (hasGrid ? 4 : 2) * startMean * weight / 256
        let logExpected = FixedLogarithm.log2(expected + Self.prior)
        let logOwn = FixedLogarithm.log2(4 * activity.expected + Self.prior)
        var sum = 0
        for index in 0..<length {
            let place = margin + index
            let left = Int(column[place - 1])
            let above = hasGrid ? Int(column[place - period]) : 0
            let own = Int(positions[index])
            var around = 4 * own + Int(positions[index - 1] + positions[index + 1])
            if hasGrid { around += Int(positions[index - period] + positions[index + period]) }
            around += 2 * weight * (abs(left) + abs(above))
            let logMean =
                FixedLogarithm.log2(sum << 8 + Self.inertia * startMean) - FixedLogarithm.log2(index + Self.inertia)
                - 2048
            let context = CoefficientContext(
                level: logMean + FixedLogarithm.log2(around + Self.prior) - logExpected, left: left, above: above,
                firstHint: abs(Int(before[place])), secondHint: abs(Int(beforeThat[place])),
                otherLevel: logMean + FixedLogarithm.log2(4 * own + Self.prior) - logOwn)
            let value = model.code(Int(values[index]), context, family: family, with: &coder)
            values[index] = Int32(truncatingIfNeeded: value)
            column[place] = values[index]
            sum &+= abs(value)
        }
        remember(sum: sum)
    }

    private static let prior = 100
    private static let inertia = 32

    private mutating func remember(sum: Int) {
        activity.remember(column + margin, sum: sum)
        for place in margin..<(margin + activity.length) {
            beforeThat[place] = before[place]
            before[place] = column[place]
            column[place] = 0
        }
    }

    /// log2 of the mean magnitude that a column's energy announces, both in units of 1/256.
    static func expectedLevel(logEnergy: Int, length: Int) -> Int {
        let meanSquare = logEnergy - FixedLogarithm.log2(length)
        return max(-1500, min(meanSquare / 2 - 128, meanSquare))
    }

    /// 2^(level/256) for a level of at least 0, as an integer.
    static func power(_ level: Int) -> Int {
        let exponent = min(40, max(0, level) >> 8)
        let fraction = max(0, level) & 0xff
        // 2^f ≈ 1 + f·(0.6563 + 0.3437·f)
        return ((65536 + fraction * (43010 + 88 * fraction) / 256) << exponent) >> 16
    }
}
