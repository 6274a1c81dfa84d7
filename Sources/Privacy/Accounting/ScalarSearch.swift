import Foundation

/// Searches over one positive number.
enum ScalarSearch {
    /// The least value of a function that falls and then rises in log(argument): golden section, to 10⁻⁴ of the
    /// argument. Anything it returns was evaluated, so bounds that hold for all arguments stay bounds.
    static func minimumOverLogarithm(
        from lowest: Double, to highest: Double, _ function: (Double) -> Double
    ) -> (argument: Double, value: Double) {
        let ratio = (5.0.squareRoot() - 1) / 2
        var (low, high) = (log(lowest), log(highest))
        var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
        var (atLeft, atRight) = (function(exp(left)), function(exp(right)))
        while high - low > 1e-4 {
            if atLeft <= atRight || atRight.isNaN {
                (high, right, atRight) = (right, left, atLeft)
                left = high - ratio * (high - low)
                atLeft = function(exp(left))
            } else {
                (low, left, atLeft) = (left, right, atRight)
                right = low + ratio * (high - low)
                atRight = function(exp(right))
            }
        }
        return atLeft <= atRight ? (exp(left), atLeft) : (exp(right), atRight)
    }

    /// The least argument, within `tolerance` of itself, at which a falling function is at most `target`.
    ///
    /// Starts at `guess`, brackets by factors of 2 within `range`, then narrows in log–log coordinates, where ε over
    /// noise is nearly straight. The argument returned was evaluated and meets the target. Nil if none does.
    static func leastArgument(
        meeting target: Double, guess: Double, range: ClosedRange<Double>, tolerance: Double,
        _ function: (Double) throws(AccountingError) -> Double
    ) throws(AccountingError) -> Double? {
        var bracket = Bracket(target: target)
        var argument = min(max(guess, range.lowerBound), range.upperBound)
        while !bracket.isClosed {
            bracket.add(argument, try function(argument))
            if bracket.isClosed { break }
            let next = bracket.high == nil ? argument * 2 : argument / 2
            if argument == range.lowerBound, bracket.high != nil { return argument }
            if argument == range.upperBound, bracket.high == nil { return nil }
            argument = min(max(next, range.lowerBound), range.upperBound)
        }
        for _ in 0..<100 where !bracket.isNarrow(within: tolerance) {
            let middle = bracket.proposal(tolerance: tolerance)
            bracket.add(middle, try function(middle))
        }
        return bracket.high?.argument
    }

    /// Two arguments around the one sought.
    private struct Bracket {
        typealias Point = (argument: Double, value: Double)
        let target: Double
        /// Misses the target.
        var low: Point?
        /// Meets it.
        var high: Point?
        private var repeats = 0

        init(target: Double) {
            self.target = target
        }

        var isClosed: Bool { low != nil && high != nil }

        mutating func add(_ argument: Double, _ value: Double) {
            if value <= target {
                repeats = repeats > 0 ? repeats + 1 : 1
                high = (argument, value)
            } else {
                repeats = repeats < 0 ? repeats - 1 : -1
                low = (argument, value)
            }
        }

        func isNarrow(within tolerance: Double) -> Bool {
            guard let low, let high else { return false }
            return high.argument - low.argument <= tolerance * high.argument
        }

        /// Where a straight line in log–log meets the target, kept off the ends; the middle when one end stays put.
        func proposal(tolerance: Double) -> Double {
            guard let low, let high else { return .nan }
            let (x0, x1) = (log(low.argument), log(high.argument))
            guard abs(repeats) < 3, low.value.isFinite, high.value > 0, low.value > high.value else {
                return exp((x0 + x1) / 2)
            }
            let share = log(low.value / target) / log(low.value / high.value)
            let margin = min(0.4, 0.4 * tolerance / (x1 - x0))
            return exp(x0 + (x1 - x0) * min(max(share + margin, margin), 1 - margin))
        }
    }
}
