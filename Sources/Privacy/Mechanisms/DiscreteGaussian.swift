/// The discrete Gaussian over the integers, P(x) ∝ exp(−x²/2σ²), sampled exactly: Canonne, Kamath and Steinke 2020
/// (arXiv:2004.00010), Algorithms 2 and 3.
///
/// On a sum of integers of L2 sensitivity Δ it is Δ²/2σ²-zCDP, as the continuous Gaussian is (Theorem 4).
public struct DiscreteGaussian: Hashable, Sendable {
    /// The deviations that can be sampled.
    public static let deviationRange = 0x1p-10...0x1p40

    // σ² as a fraction, and the scale of the Laplace distribution that proposes.
    private let numerator: UInt128
    private let denominator: UInt128
    private let scale: UInt64

    /// From here on σ is a whole number, which keeps every product within 128 bits.
    private static let leastWholeDeviation = 0x1p14
    private static let fractionBits = 20

    /// The distribution with parameter σ, rounded up where it is not representable: by 2⁻¹⁴ of it at most for σ ≥ 1.
    ///
    /// - Throws: `PrivacyError.deviationOutOfRange`.
    public init(deviation: Double) throws(PrivacyError) {
        guard Self.deviationRange.contains(deviation) else { throw .deviationOutOfRange(deviation) }
        if deviation < Self.leastWholeDeviation {
            let unit = Double(1 << Self.fractionBits)
            numerator = UInt128((deviation * deviation * unit).rounded(.up))
            denominator = 1 << Self.fractionBits
            scale = UInt64(deviation) + 1
        } else {
            scale = UInt64(deviation.rounded(.up))
            numerator = UInt128(scale) * UInt128(scale)
            denominator = 1
        }
    }

    /// σ as it is sampled.
    public var deviation: Double { (Double(numerator) / Double(denominator)).squareRoot() }

    /// One draw.
    public func sample(using random: inout some RandomNumberGenerator) -> Int64 {
        while true {
            let candidate = laplace(using: &random)
            if accepts(candidate.magnitude, using: &random) { return candidate }
        }
    }

    /// So many independent draws.
    public func samples(_ count: Int, using random: inout some RandomNumberGenerator) -> [Int64] {
        var draws: [Int64] = []
        draws.reserveCapacity(count)
        for _ in 0..<count { draws.append(sample(using: &random)) }
        return draws
    }

    /// True with probability exp(−(|y| − σ²/t)²/2σ²), t being the scale of the proposal.
    private func accepts(_ magnitude: UInt64, using random: inout some RandomNumberGenerator) -> Bool {
        let t = UInt128(scale)
        if denominator == 1 {
            let offset = UInt128(magnitude) > t ? UInt128(magnitude) - t : t - UInt128(magnitude)
            return ExactBernoulli.exponential(offset * offset, 2 * numerator, using: &random)
        }
        let scaled = UInt128(magnitude) * t * denominator
        let offset = scaled > numerator ? scaled - numerator : numerator - scaled
        return ExactBernoulli.exponential(
            offset * offset, 2 * numerator * denominator * t * t, using: &random)
    }

    /// A draw from P(x) ∝ exp(−|x|/t).
    private func laplace(using random: inout some RandomNumberGenerator) -> Int64 {
        while true {
            let low = ExactBernoulli.below(UInt128(scale), using: &random)
            guard ExactBernoulli.exponential(low, UInt128(scale), using: &random) else { continue }
            var high: Int64 = 0
            while ExactBernoulli.exponential(1, 1, using: &random) { high += 1 }
            let magnitude = Int64(low) + Int64(scale) * high
            let isNegative = random.next() & 1 == 1
            // Zero has one sign only.
            if isNegative && magnitude == 0 { continue }
            return isNegative ? -magnitude : magnitude
        }
    }
}
