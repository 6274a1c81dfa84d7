import Tensors

/// How a value between two integers finds one of them.
public enum Rounding: Hashable, Sendable {
    /// The nearest integer, halves to even: the smallest error.
    case nearest
    /// Up with a probability equal to the fraction, so that the expectation is the value itself
    /// (Gupta et al. 2015, section 3.1, arXiv:1502.02551). The draws come from the seed alone.
    case stochastic(Seed)
    /// The integer with the smallest squared error plus `weight` times its bits, in squared steps per bit, ≥ 0
    /// (rate–distortion optimized quantization; Sullivan, Wiegand 1998, doi:10.1109/79.733497). Deterministic. Bits are
    /// those of a zero-inflated geometric distribution fitted to the tensor itself; the error stays below 1 step, or
    /// below 1.5 steps where a value is worth sending to zero.
    case rateDistortion(weight: Float)

    /// Largest error in steps that a value inside the range can suffer.
    public var errorBoundInSteps: Float {
        switch self {
        case .nearest: 0.5
        case .stochastic: 1
        case .rateDistortion(let weight): weight == 0 ? 0.5 : 1.5
        }
    }

    /// The integers for `values / scale`, clamped to `range`.
    ///
    /// - Parameters:
    ///   - values: finite values.
    ///   - scale: size of a step, > 0; 0 sends every value to the integer nearest to 0 in the range.
    ///   - range: allowed integers, within 32 bits.
    public func integers(_ values: [Float], scale: Float, range: ClosedRange<Int32>) -> [Int32] {
        let zero = max(range.lowerBound, min(range.upperBound, 0))
        guard scale > 0 else { return [Int32](repeating: zero, count: values.count) }
        switch self {
        case .nearest:
            return values.map { Self.clamp(($0 / scale).rounded(.toNearestOrEven), range) }
        case .stochastic(let seed):
            var random = SeededRandom(seed)
            return values.map { value in
                let position = value / scale
                let below = position.rounded(.down)
                // An infinite quotient has no fraction; it is clamped.
                let up: Float = random.unitFloat() < position - below ? 1 : 0
                return Self.clamp(below + up, range)
            }
        case .rateDistortion(let weight):
            let nearest = Rounding.nearest.integers(values, scale: scale, range: range)
            if weight <= 0 { return nearest }
            return Self.economical(values, scale: scale, range: range, weight: weight, start: nearest)
        }
    }

    private static func economical(
        _ values: [Float], scale: Float, range: ClosedRange<Int32>, weight: Float, start: [Int32]
    ) -> [Int32] {
        var integers = start
        // Choosing cheaper integers makes them cheaper still; two rounds reach most of what there is to gain.
        for _ in 0..<2 {
            let rate = GeometricRate(fitting: integers)
            for index in values.indices where start[index] != 0 {
                let position = values[index] / scale
                let nearest = start[index]
                var candidates = [nearest, nearest - nearest.signum()]
                if nearest.magnitude == 2, abs(position) < 1.5 { candidates.append(0) }
                var best = nearest
                var leastCost = Float.infinity
                for candidate in candidates where range.contains(candidate) {
                    let error = position - Float(candidate)
                    let cost = error * error + weight * rate.bits(of: candidate)
                    if cost < leastCost { (best, leastCost) = (candidate, cost) }
                }
                integers[index] = best
            }
        }
        return integers
    }

    private static func clamp(_ value: Float, _ range: ClosedRange<Int32>) -> Int32 {
        // A float next to 2^31 is not an Int32, hence the second bound in integers.
        let bounded = max(Float(range.lowerBound), min(Float(range.upperBound), value))
        return Int32(max(Int(range.lowerBound), min(Int(range.upperBound), Int(bounded))))
    }
}
