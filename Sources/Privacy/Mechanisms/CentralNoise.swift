/// Gaussian noise that a coordinator adds to the sum of clipped updates before anything of it is used.
///
/// The sum is fixed-point integers, and the noise is a discrete Gaussian on the same grid, drawn exactly: no floating
/// point touches the randomness. σ is the noise multiplier times the sensitivity in units of the grid. With σ ≥ 2¹⁴,
/// as every sensible clip gives at 28 fraction bits, the discrete and the continuous Gaussian differ by less than
/// exp(−2π²σ²), so that accountants of the continuous one apply.
public struct CentralNoise: Hashable, Sendable {
    /// What is added to each sum.
    public let gaussian: DiscreteGaussian

    /// The noise of a sum of vectors of L2 norm at most `clip`.
    ///
    /// - Parameters:
    ///   - noiseMultiplier: deviation over sensitivity, above 0.
    ///   - clip: L2 bound of one client's vector, above 0.
    ///   - parameterCount: of the vector; each of its values may be off the grid by half a step.
    ///   - fractionBits: binary digits after the point of the sum.
    /// - Throws: `PrivacyError.deviationOutOfRange`.
    public init(
        noiseMultiplier: Double, clip: Double, parameterCount: Int, fractionBits: Int
    ) throws(PrivacyError) {
        let sensitivity = clip * Double(1 << fractionBits) + Double(parameterCount).squareRoot() / 2
        gaussian = try DiscreteGaussian(deviation: noiseMultiplier * sensitivity)
    }

    /// Noise for a whole vector.
    public func draw(_ count: Int, using random: inout some RandomNumberGenerator) -> [Int64] {
        gaussian.samples(count, using: &random)
    }
}
