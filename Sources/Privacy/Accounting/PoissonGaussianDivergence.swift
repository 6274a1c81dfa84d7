import Foundation

/// Rényi divergence of the Gaussian mechanism over a Poisson sample: Mironov, Talwar and Zhang 2019
/// (arXiv:1908.10530), section 3.3. `rate` is in (0, 1); `deviation` is the noise multiplier.
struct PoissonGaussianDivergence {
    let rate: Double
    let deviation: Double

    /// Terms of the series at a fractional order before it is given up as infinite.
    private static let maximumTermCount = 1000

    func value(at order: Double) -> Double {
        guard order > 1, order.isFinite else { return .infinity }
        let logMoment = order == order.rounded() ? integerLogMoment(Int(order)) : fractionalLogMoment(order)
        return max(0, logMoment) / (order - 1)
    }

    /// log E[(mixture/noise)^α] at an integer, as log(1 + Σ Bin(α, i)(e^((i²−i)/2σ²) − 1)): the terms are positive, so
    /// that nothing cancels when the moment is close to 1.
    private func integerLogMoment(_ order: Int) -> Double {
        let logOdds = log(rate) - log1p(-rate)
        var logWeight = Double(order) * log1p(-rate)
        var logExcess = -Double.infinity
        for i in 1...order {
            logWeight += log(Double(order - i + 1) / Double(i)) + logOdds
            let growth = Double(i) * Double(i - 1) / (2 * deviation * deviation)
            let term = logWeight + NumericTail.logAbsoluteExpMinusOne(growth)
            logExcess = NumericTail.logSum(logExcess, term)
        }
        return NumericTail.logOnePlusExp(logExcess)
    }

    /// The same at a fractional order: two series, split where noise and shifted noise are equally likely.
    ///
    /// Past order α the binomial coefficients alternate in sign. Their absolute values are summed: an upper bound, and
    /// what `dp-accounting` reports.
    private func fractionalLogMoment(_ order: Double) -> Double {
        let split = deviation * deviation * log(1 / rate - 1) + 0.5
        let width = 2.0.squareRoot() * deviation
        let logRate = log(rate)
        let logRest = log1p(-rate)
        var logCoefficient = 0.0
        var total = -Double.infinity
        var previous = (left: -Double.infinity, right: -Double.infinity)
        for index in 0..<Self.maximumTermCount {
            let i = Double(index)
            let j = order - i
            let left =
                logCoefficient + i * logRate + j * logRest + growth(i) + NumericTail.logErfc((i - split) / width)
            let right =
                logCoefficient + j * logRate + i * logRest + growth(j) + NumericTail.logErfc((split - j) / width)
            total = NumericTail.logSum(total, NumericTail.logSum(left, right) - log(2))
            // The factor ½ is in every term, so the comparison with the total may be off by it.
            if left < previous.left, right < previous.right, max(left, right) - log(2) < total - 30 { return total }
            previous = (left, right)
            logCoefficient += log(abs(order - i)) - log(i + 1)
        }
        return .infinity
    }

    private func growth(_ i: Double) -> Double {
        (i * i - i) / (2 * deviation * deviation)
    }
}
