import Foundation

/// The exact privacy of Gaussian noise, and of any number of Gaussian releases, which together are one.
///
/// Balle and Wang 2018 (arXiv:1805.06530), Theorem 8. `noiseMultiplier` is deviation over L2 sensitivity.
struct GaussianTradeoff {
    let noiseMultiplier: Double

    /// The exact δ at an ε ≥ 0.
    func delta(epsilon: Double) -> Double {
        let shift = 1 / (2 * noiseMultiplier)
        let upper = NumericTail.logNormalCDF(shift - epsilon * noiseMultiplier)
        let lower = epsilon + NumericTail.logNormalCDF(-shift - epsilon * noiseMultiplier)
        return lower < upper ? -exp(upper) * expm1(lower - upper) : 0
    }

    /// The least ε for δ in (0, 1), rounded up by 10⁻¹⁰ of itself.
    func epsilon(delta target: Double) -> Double {
        if delta(epsilon: 0) <= target { return 0 }
        var low = 0.0
        var high = 1 / (2 * noiseMultiplier * noiseMultiplier) + 1
        while delta(epsilon: high) > target { high *= 2 }
        for _ in 0..<200 where high - low > 1e-13 * high {
            let middle = (low + high) / 2
            if delta(epsilon: middle) > target { low = middle } else { high = middle }
        }
        return high * (1 + 1e-10)
    }
}
