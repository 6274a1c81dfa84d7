import Foundation

/// Rényi bounds of integer noise at integer orders ≥ 2, sampled or not. Sensitivities count integers.
enum IntegerOrderDivergence {
    /// ρ-zCDP: D(α) = ρα.
    case concentrated(Double)
    /// Agarwal, Kairouz and Liu 2021 (arXiv:2110.04995), Corollary 3.6; `variance` is that of the summed noise.
    case skellam(l1: Double, l2: Double, variance: Double)
    /// Kairouz, Liu and Steinke 2021 (arXiv:2102.06387), Proposition 14: sensitivities over the deviation of the sum,
    /// and the distance τ of the sum from a discrete Gaussian.
    case discreteGaussianSum(l1: Double, l2: Double, inflation: Double, dimension: Double)

    /// Sampling sums over all lower orders, which is no longer worth its time above this one.
    static let maximumOrder = 4096.0

    static func skellam(of noise: DistributedNoise) -> IntegerOrderDivergence {
        let deviation = noise.centralDeviation * noise.scale
        return .skellam(
            l1: noise.roundedL1Sensitivity, l2: noise.roundedL2Sensitivity, variance: deviation * deviation)
    }

    static func discreteGaussianSum(of noise: DistributedNoise) -> IntegerOrderDivergence {
        let deviation = noise.centralDeviation * noise.scale
        return .discreteGaussianSum(
            l1: noise.roundedL1Sensitivity / deviation, l2: noise.roundedL2Sensitivity / deviation,
            inflation: noise.sumInflation, dimension: Double(noise.dimension))
    }

    /// The bound without sampling.
    func value(at order: Int) -> Double {
        let alpha = Double(order)
        switch self {
        case .concentrated(let rho): return alpha * rho
        case .skellam(let l1, let l2, let variance):
            let square = l2 * l2
            let excess = min(
                ((2 * alpha - 1) * square + 6 * l1) / (4 * variance * variance), 3 * l1 / (2 * variance))
            return alpha * square / (2 * variance) + excess
        case .discreteGaussianSum(let l1, let l2, let tau, let dimension):
            let additive = alpha / 2 * l2 * l2 + tau * dimension
            let byL1 = alpha / 2 * (l2 * l2 + 2 * l1 * tau + tau * tau * dimension)
            let norm = l2 + tau * dimension.squareRoot()
            return min(additive, byL1, alpha / 2 * norm * norm)
        }
    }

    /// The bound under Poisson sampling: Zhu and Wang 2019 ("Poisson subsampled Rényi differential privacy"),
    /// Theorem 5, or no amplification where that is less.
    func value(at order: Int, samplingRate rate: Double) -> Double {
        let unsampled = value(at: order)
        if rate == 1 { return unsampled }
        if rate == 0 { return 0 }
        let logRate = log(rate)
        let logRest = log1p(-rate)
        let alpha = Double(order)
        var logMoment = (alpha - 1) * logRest + log1p((alpha - 1) * rate)
        var logCombinations = log(alpha)
        for l in 2...order {
            logCombinations += log(Double(order - l + 1) / Double(l))
            let factor = l == 2 ? 0 : log(3.0)
            let weight = logCombinations + Double(l) * logRate + Double(order - l) * logRest + factor
            logMoment = NumericTail.logSum(logMoment, weight + Double(l - 1) * value(at: l))
        }
        return min(unsampled, max(0, logMoment) / (alpha - 1))
    }
}
