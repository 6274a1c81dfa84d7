/// What the elements of one activation tensor span, 0 included: a quantized tensor must hold 0 exactly.
public struct ActivationRange: Hashable, Codable, Sendable {
    /// Lowest value that is represented, 0 or less.
    public private(set) var low: Float
    /// Highest value that is represented, 0 or more.
    public private(set) var high: Float

    /// Makes a range, widened to hold 0.
    public init(low: Float, high: Float) {
        self.low = min(low, 0)
        self.high = max(high, 0)
    }

    /// Widens the range until it contains the values; NaN and infinity are left out.
    public mutating func include(_ values: [Float]) {
        for value in values where value.isFinite {
            if value < low { low = value }
            if value > high { high = value }
        }
    }

    /// Whether both ends are finite and on their sides of 0; a range from outside may not be.
    public var isValid: Bool { low.isFinite && high.isFinite && low <= 0 && high >= 0 && (high - low).isFinite }

    /// The integers that stand for the range in 8 or 16 bits.
    ///
    /// - Precondition: `bits` is 8 or 16 and the range is valid.
    public func grid(bits: Int) -> ActivationGrid {
        precondition(bits == 8 || bits == 16, "activations have 8 or 16 bits")
        guard high > low else { return ActivationGrid(scale: 1, zeroPoint: 0, bits: bits) }
        guard bits == 8 else {
            let scale = max(max(-low, high) / 32767, .leastNormalMagnitude)
            return ActivationGrid(scale: scale, zeroPoint: 0, bits: bits)
        }
        let scale = max((high - low) / 255, .leastNormalMagnitude)
        let zeroPoint = (-128 - low / scale).rounded(.toNearestOrEven)
        return ActivationGrid(scale: scale, zeroPoint: Int32(max(-128, min(127, zeroPoint))), bits: bits)
    }

    /// The mean of what several clients found at each point, weighted by how much each has seen; what a coordinator does
    /// with the ranges that come back from quantization-aware training.
    ///
    /// - Parameters:
    ///   - clients: one list per client, all of one length.
    ///   - weights: one per client, 0 or more, not all 0.
    /// - Throws: `.invalidQuantization` where lengths, weights or ranges do not fit.
    public static func average(
        of clients: [[ActivationRange]], weights: [Double]
    ) throws(TrainingError) -> [ActivationRange] {
        let total = weights.reduce(0, +)
        guard let count = clients.first?.count, clients.count == weights.count,
            clients.allSatisfy({ $0.count == count }),
            weights.allSatisfy({ $0 >= 0 }), total > 0, total.isFinite
        else {
            throw .invalidQuantization("ranges of \(clients.count) clients and \(weights.count) weights do not fit")
        }
        guard clients.allSatisfy({ $0.allSatisfy(\.isValid) }) else {
            throw .invalidQuantization("an activation range is not finite or leaves out 0")
        }
        return (0..<count).map { point in
            var (low, high) = (0.0, 0.0)
            for (ranges, weight) in zip(clients, weights) {
                low += Double(ranges[point].low) * weight / total
                high += Double(ranges[point].high) * weight / total
            }
            return ActivationRange(low: Float(low), high: Float(high))
        }
    }
}

/// The values `scale · (q − zeroPoint)` that a quantized tensor can take (Jacob et al. 2018, §2.1, arXiv:1712.05877).
public struct ActivationGrid: Hashable, Sendable {
    /// Size of a step, a positive normal number.
    public let scale: Float
    /// The integer that stands for 0: within Int8 at 8 bits, 0 at 16 bits.
    public let zeroPoint: Int32
    /// 8 or 16.
    public let bits: Int

    /// Lowest integer; 16 bits are symmetric.
    public var lowest: Int32 { bits == 8 ? -128 : -32767 }
    /// Highest integer.
    public var highest: Int32 { bits == 8 ? 127 : 32767 }
    /// Steps from 0 down to the lowest value, as a Float.
    var stepsBelow: Float { Float(lowest - zeroPoint) }
    /// Steps from 0 up to the highest value, as a Float.
    var stepsAbove: Float { Float(highest - zeroPoint) }
}
