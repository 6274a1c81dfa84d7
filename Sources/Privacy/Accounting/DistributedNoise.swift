import Foundation

/// Integer noise that clients add to their own scaled and rounded vectors, so that only the sum is noisy enough.
///
/// Each client clips to `clip`, multiplies by `scale`, rounds stochastically to integers and adds its share of the
/// noise. Calibrate `clientCount` to the fewest honest clients that may survive the round: the noise of others does
/// not count.
public struct DistributedNoise: Hashable, Codable, Sendable {
    /// Clients whose noise is in the sum; at least 1.
    public var clientCount: Int
    /// Coordinates of the vector, padding included; at least 1.
    public var dimension: Int
    /// Integers per unit of the vector; above 0.
    public var scale: Double
    /// L2 bound of one client's vector before scaling; above 0.
    public var clip: Double
    /// Standard deviation of the summed noise, in units of the vector before scaling; above 0.
    public var centralDeviation: Double
    /// Probability bound of conditional rounding: a client rounds again until the inflated norm holds, and a vector
    /// passes with probability at least 1 − β. In [0, 1); 0 stands for unconditional rounding.
    public var roundingBeta: Double
    /// Whether clients clip again after rounding, to clip × scale exactly: no inflation, whatever `roundingBeta`.
    public var clipsIntegers: Bool

    /// Takes the parameters as they are; `PrivacyMechanism.validate` checks them.
    public init(
        clientCount: Int, dimension: Int, scale: Double, clip: Double = 1, centralDeviation: Double,
        roundingBeta: Double = DistributedNoise.defaultRoundingBeta, clipsIntegers: Bool = false
    ) {
        self.clientCount = clientCount
        self.dimension = dimension
        self.scale = scale
        self.clip = clip
        self.centralDeviation = centralDeviation
        self.roundingBeta = roundingBeta
        self.clipsIntegers = clipsIntegers
    }

    /// e^(−1/2), for which the deviation term of the bound has factor 1.
    public static let defaultRoundingBeta = 0.6065306597126334

    /// L2 bound of a client's integer vector: Kairouz, Liu and Steinke 2021 (arXiv:2102.06387), Theorem 1; or the clip
    /// itself with `IntegerClipping` after rounding.
    public var roundedL2Sensitivity: Double {
        let norm = clip * scale
        if clipsIntegers { return norm }
        let root = Double(dimension).squareRoot()
        let always = norm + root
        guard roundingBeta > 0 else { return always }
        let deviation = (2 * log(1 / roundingBeta)).squareRoot() * (norm + root / 2)
        return min(always, (norm * norm + Double(dimension) / 4 + deviation).squareRoot())
    }

    /// L1 bound of a client's integer vector: ‖x‖₁ ≤ √d‖x‖₂, and ‖x‖₁ ≤ ‖x‖₂² for integers.
    public var roundedL1Sensitivity: Double {
        let l2 = roundedL2Sensitivity
        return l2 * min(Double(dimension).squareRoot(), l2)
    }

    /// How much rounding grows the L2 sensitivity; 1 would be free. Raise `scale` to lower it.
    public var roundingInflation: Double {
        roundedL2Sensitivity / (clip * scale)
    }

    /// Bound on the distance of a sum of discrete Gaussians from a discrete Gaussian, the τ of arXiv:2102.06387,
    /// Theorem 1: 10 Σₖ exp(−2π²σ²k/(k+1)), σ being one client's integer deviation.
    var sumInflation: Double {
        let local = centralDeviation * scale
        let exponent = 2 * Double.pi * Double.pi * local * local / Double(clientCount)
        var sum = 0.0
        for k in 1..<max(clientCount, 2) where clientCount > 1 {
            sum += exp(-exponent * Double(k) / Double(k + 1))
        }
        return 10 * sum
    }

    func validate() throws(AccountingError) {
        let count = Double(clientCount)
        try AccountingError.require(
            clientCount >= 1 && clientCount <= 1 << 24, "clientCount", count, "from 1 to 16777216")
        try AccountingError.require(dimension >= 1, "dimension", Double(dimension), "at least 1")
        try AccountingError.require(scale > 0 && scale.isFinite, "scale", scale, "above 0")
        try AccountingError.require(clip > 0 && clip.isFinite, "clip", clip, "above 0")
        try AccountingError.require(
            centralDeviation > 0 && centralDeviation.isFinite, "centralDeviation", centralDeviation, "above 0")
        try AccountingError.require(roundingBeta >= 0 && roundingBeta < 1, "roundingBeta", roundingBeta, "in [0, 1)")
    }
}
