import Foundation

/// A symmetric distribution over the integers whose log probabilities are concave, as a table.
struct IntegerNoise {
    /// log P(x) at x ≥ 0, up to where what is left is below 10⁻³², and `reserve` values more.
    let logProbabilities: [Double]

    /// How far below the mode, in nats, the table ends.
    private static let depth = 84.0

    /// Discrete Gaussian: P(x) ∝ exp(−x²/2σ²). Canonne, Kamath and Steinke 2020 (arXiv:2004.00010).
    static func discreteGaussian(sigma: Double, reserve: Int) -> IntegerNoise {
        let last = Int((sigma * (2 * depth).squareRoot()).rounded(.up)) + reserve + 1
        let logs = (0...last).map { -Double($0) * Double($0) / (2 * sigma * sigma) }
        return IntegerNoise(normalizing: logs)
    }

    /// Symmetric Skellam of the given variance v: P(x) = e^(−v) I_x(v), the ratios of the Bessel functions by their
    /// backward recurrence.
    static func skellam(variance: Double, reserve: Int) -> IntegerNoise {
        // Bernstein: P(X ≥ x) ≤ exp(−x²/(2v + 2x/3)), which is below e^(−depth) here.
        let needed = (2 * depth * variance).squareRoot() + 2 * depth
        let last = Int(needed.rounded(.up)) + reserve + 1
        var ratios = [Double](repeating: 0, count: last + 64)
        var ratio = 0.0
        for index in stride(from: ratios.count - 1, through: 0, by: -1) {
            ratio = 1 / (2 * Double(index + 1) / variance + ratio)
            ratios[index] = ratio
        }
        var logs = [0.0]
        for index in 0..<last { logs.append(logs[index] + log(ratios[index])) }
        return IntegerNoise(normalizing: logs)
    }

    private init(normalizing logs: [Double]) {
        var total = 0.0
        for log in logs.dropFirst().reversed() { total += 2 * exp(log) }
        total += exp(logs[0])
        let shift = log(total)
        logProbabilities = logs.map { $0 - shift }
    }

    /// The discretized loss of adding this noise to an integer that one client moves by `shift`, where clients take
    /// part with probability `rate`. The table was made with a reserve of at least 2 × `shift`.
    func distribution(
        adjacency: Adjacency, shift: Int, rate: Double, grid: LossGrid
    ) throws(AccountingError) -> PrivacyLossDistribution {
        let last = logProbabilities.count - 1 - shift
        // x runs over where both distributions are in the table.
        let outcomes = (shift - last)...last
        let losses = outcomes.map { mixtureLoss(at: $0, shift: shift, rate: rate) * (adjacency == .add ? -1 : 1) }
        var result = try PrivacyLossDistribution(
            grid: grid, lowest: losses.min() ?? 0, highest: losses.max() ?? 0)
        for (x, loss) in zip(outcomes, losses) {
            // The mixture has e^loss times the mass of the noise.
            let mass = exp(logProbabilities[abs(x)] + (adjacency == .add ? 0 : loss))
            result.add(mass, loss: loss)
        }
        result.addInfinite(4 * exp(-Self.depth))
        return result
    }

    private func mixtureLoss(at x: Int, shift: Int, rate: Double) -> Double {
        let shifted = logProbabilities[abs(x - shift)] - logProbabilities[abs(x)]
        if shifted > 30 { return shifted + log(rate + (1 - rate) * exp(-shifted)) }
        return log1p(rate * expm1(shifted))
    }
}
