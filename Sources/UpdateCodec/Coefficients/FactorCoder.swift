/// Codes the quantized columns of one factor of a low-rank product, strongest first.
///
/// Positions that were active in the stronger columns, and around which the column itself is active, are likely to be
/// active again: the expected magnitude is the column's own mean, which its singular value announces, times a pooled
/// ratio of what was seen around the position to what was to be expected there.
struct FactorCoder: ~Copyable {
    private let length: Int
    private let period: Int
    private let margin: Int
    private let activity: UnsafeMutablePointer<Int32>
    private let column: UnsafeMutablePointer<Int32>
    private let before: UnsafeMutablePointer<Int32>
    private let beforeThat: UnsafeMutablePointer<Int32>
    private var expectedActivity = 0
    private let family: Int

    /// - Parameters:
    ///   - length: elements of each column.
    ///   - period: distance to the neighbour above when positions lie on a grid; 0 for none.
    init(length: Int, period: Int, family: Int) {
        self.length = length
        self.period = period
        self.family = family
        margin = max(1, period)
        let capacity = length + 2 * margin
        activity = Self.zeros(capacity)
        column = Self.zeros(capacity)
        before = Self.zeros(capacity)
        beforeThat = Self.zeros(capacity)
    }

    deinit {
        activity.deallocate()
        column.deallocate()
        before.deallocate()
        beforeThat.deallocate()
    }

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
            activity[margin + index] = Int32(relative * Self.hintWeight / 256)
        }
        expectedActivity = Self.hintWeight
    }

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
        let meanSquare = logEnergy - FixedLogarithm.log2(length)
        let startLevel = max(-1500, min(meanSquare / 2 - 128, meanSquare))
        // In units of 1/256 of a step.
        let startMean = Self.power(startLevel + 2048)
        let weight = 64 * 256 / (256 + startMean)
        let hasGrid = period > 0
        let expected = (hasGrid ? 8 : 6) * expectedActivity + (hasGrid ? 4 : 2) * startMean * weight / 256
        let logExpected = FixedLogarithm.log2(expected + Self.prior)
        let logOwn = FixedLogarithm.log2(4 * expectedActivity + Self.prior)
        var sum = 0
        for index in 0..<length {
            let place = margin + index
            let left = Int(column[place - 1])
            let above = hasGrid ? Int(column[place - period]) : 0
            let own = Int(activity[place])
            var around = 4 * own + Int(activity[place - 1] + activity[place + 1])
            if hasGrid { around += Int(activity[place - period] + activity[place + period]) }
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

    private static let hintWeight = 128
    private static let prior = 100
    private static let inertia = 32

    private mutating func remember(sum: Int) {
        let mean = sum << 8 / length
        let weight = 64 * 256 / (256 + mean)
        for place in margin..<(margin + length) {
            activity[place] &+= Int32(truncatingIfNeeded: min(1 << 20, abs(Int(column[place])) * weight))
            beforeThat[place] = before[place]
            before[place] = column[place]
            column[place] = 0
        }
        expectedActivity += mean * weight / 256
    }

    /// 2^(level/256) for a level of at least 0, as an integer.
    static func power(_ level: Int) -> Int {
        let exponent = min(40, max(0, level) >> 8)
        let fraction = max(0, level) & 0xff
        // 2^f ≈ 1 + f·(0.6563 + 0.3437·f)
        return ((65536 + fraction * (43010 + 88 * fraction) / 256) << exponent) >> 16
    }
}
