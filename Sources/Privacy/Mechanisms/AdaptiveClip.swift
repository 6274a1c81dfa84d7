import Foundation

/// A clip that follows a quantile of the norms of updates: Andrew, Thakkar, McMahan and Ramaswamy 2021
/// (arXiv:1905.03871), Algorithm 1, with the geometric update.
///
/// Each client contributes one bit, whether its norm is within the clip, and their noisy sum moves the clip. Both
/// releases of a round together cost what one Gaussian of the configured multiplier costs (Theorem 1).
public struct AdaptiveClip: Hashable, Codable, Sendable {
    /// The part of the updates that should pass unclipped, in (0, 1).
    public var quantile: Double
    /// Step of the logarithm of the clip, above 0; 0.2 by default.
    public var rate: Double
    /// Deviation of the noise on the bits, each ±½; above half of the noise multiplier.
    public var countDeviation: Double

    /// Takes the parameters as they are.
    public init(quantile: Double, rate: Double = 0.2, countDeviation: Double) {
        self.quantile = quantile
        self.rate = rate
        self.countDeviation = countDeviation
    }

    /// The multiplier that is left for the updates when the round as a whole is to have `noiseMultiplier`: the larger
    /// the noise on the bits, the less the updates need on top. Nil when the bits alone cost more than that.
    public func updateMultiplier(_ noiseMultiplier: Double) -> Double? {
        let rest = 1 / (noiseMultiplier * noiseMultiplier) - 1 / (4 * countDeviation * countDeviation)
        return rest > 0 ? 1 / rest.squareRoot() : nil
    }

    /// The noisy fraction of updates within the clip.
    ///
    /// - Parameters:
    ///   - within: updates whose norm was at most the clip.
    ///   - beyond: the others.
    ///   - expected: updates expected, a number that does not depend on who took part.
    public func noisyFraction(
        within: Int, beyond: Int, expected: Double, using random: inout some RandomNumberGenerator
    ) throws(PrivacyError) -> Double {
        // Twice the sum of bits of ±½, an integer of sensitivity 1.
        let noise = try DiscreteGaussian(deviation: 2 * countDeviation).sample(using: &random)
        return Double(Int64(within - beyond) + noise) / (2 * expected) + 0.5
    }

    /// The clip of the next round.
    public func next(after clip: Double, noisyFraction: Double) -> Double {
        // Noise may put the fraction outside of 0...1; clamping is post-processing.
        let fraction = min(max(noisyFraction, 0), 1)
        return min(max(clip * exp(-rate * (fraction - quantile)), Self.range.lowerBound), Self.range.upperBound)
    }

    /// Where the clip stays, whatever the noise says.
    public static let range = 1e-4...1e3
}
