import Foundation

/// Sums and Gaussian tails in log space, where neither overflows.
enum NumericTail {
    /// log(eᵃ + eᵇ).
    static func logSum(_ a: Double, _ b: Double) -> Double {
        let (low, high) = a < b ? (a, b) : (b, a)
        return low == -.infinity ? high : high + log1p(exp(low - high))
    }

    /// log(1 + eᵃ), exact to rounding for tiny eᵃ too.
    static func logOnePlusExp(_ a: Double) -> Double {
        a > 36 ? a : log1p(exp(a))
    }

    /// log |eᵃ − 1|; −∞ at 0.
    static func logAbsoluteExpMinusOne(_ a: Double) -> Double {
        a > 40 ? a : log(abs(expm1(a)))
    }

    /// log erfc(x), by the asymptotic series where erfc itself would underflow.
    static func logErfc(_ x: Double) -> Double {
        guard x > 20 else { return log(erfc(x)) }
        let t = 1 / (2 * x * x)
        let series = 1 - t * (1 - 3 * t * (1 - 5 * t * (1 - 7 * t * (1 - 9 * t))))
        return -x * x - log(x * Double.pi.squareRoot()) + log(series)
    }

    /// log of the standard normal distribution function.
    static func logNormalCDF(_ x: Double) -> Double {
        logErfc(-x / 2.0.squareRoot()) - log(2)
    }

    /// P(Binomial(trials, rate) > threshold), to about 10⁻¹² relative in the upper tail.
    static func binomialTail(above threshold: Int, trials: Int, rate: Double) -> Double {
        if threshold >= trials { return 0 }
        if threshold < 0 || rate == 1 { return 1 }
        let odds = rate / (1 - rate)
        if Double(threshold) < Double(trials) * rate {
            return 1 - binomialSum(from: threshold, step: -1, trials: trials, odds: odds, rate: rate)
        }
        return binomialSum(from: threshold + 1, step: 1, trials: trials, odds: odds, rate: rate)
    }

    /// Σ of the probabilities from `start` on in direction `step`, until they no longer count.
    private static func binomialSum(from start: Int, step: Int, trials: Int, odds: Double, rate: Double) -> Double {
        let k = Double(start)
        let n = Double(trials)
        let logTerm = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) + k * log(rate) + (n - k) * log1p(-rate)
        var term = exp(logTerm)
        var sum = 0.0
        var index = start
        while index >= 0, index <= trials, term > sum * 1e-18 {
            sum += term
            term *=
                step > 0
                ? Double(trials - index) / Double(index + 1) * odds
                : Double(index) / (Double(trials - index + 1) * odds)
            index += step
        }
        return sum
    }

    /// log Γ(x) for x > 0. Platforms disagree on what `lgamma` returns, `Foundation` included, so this is a
    /// Stirling series after shifting the argument above 16.
    static func logGamma(_ x: Double) -> Double {
        var shift = 0.0
        var y = x
        while y < 16 {
            shift += log(y)
            y += 1
        }
        let t = 1 / (y * y)
        let series = (1.0 / 12 - t * (1.0 / 360 - t * (1.0 / 1260 - t * (1.0 / 1680 - t / 1188)))) / y
        return (y - 0.5) * log(y) - y + 0.5 * log(2 * Double.pi) + series - shift
    }
}
