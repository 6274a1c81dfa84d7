/// One release of noisy data, as an accountant sees it. Client level: the unit of privacy is all data of one client.
public enum PrivacyMechanism: Hashable, Codable, Sendable {
    /// Gaussian noise of deviation `noiseMultiplier` × L2 sensitivity over a Poisson sample: every client takes part
    /// with probability `samplingRate`, independently. Adding or removing one client. Rate 1 is no sampling.
    case gaussian(noiseMultiplier: Double, samplingRate: Double = 1)
    /// Gaussian noise over a uniform sample of exactly `sampleSize` of `populationSize` clients. Replacing one client;
    /// `noiseMultiplier` is relative to the sensitivity of one replacement, twice the clip.
    case gaussianWithoutReplacement(noiseMultiplier: Double, sampleSize: Int, populationSize: Int)
    /// Poisson sampling in which samples above `maximumSampleSize` are cut down uniformly to it.
    case gaussianTruncatedPoisson(
        noiseMultiplier: Double, samplingRate: Double, maximumSampleSize: Int, populationSize: Int)
    /// One tree of partial sums over `leafCount` rounds (DP-FTRL), every client in at most one leaf. Its whole cost is
    /// spent with its first leaf; a restart is another tree.
    case tree(noiseMultiplier: Double, leafCount: Int)
    /// Anything known to be ρ-zCDP.
    case zeroConcentrated(rho: Double)
    /// Discrete Gaussian noise of parameter `sigma` on one integer query of the given sensitivity.
    case scalarDiscreteGaussian(sigma: Double, sensitivity: Int = 1, samplingRate: Double = 1)
    /// Symmetric Skellam noise of deviation `deviation` on one integer query of the given sensitivity.
    case scalarSkellam(deviation: Double, sensitivity: Int = 1, samplingRate: Double = 1)
    /// A vector sum with a sum of clients' discrete Gaussians.
    case distributedDiscreteGaussian(DistributedNoise, samplingRate: Double = 1)
    /// A vector sum with a sum of clients' Skellam noise, which is again Skellam.
    case distributedSkellam(DistributedNoise, samplingRate: Double = 1)
}

extension PrivacyMechanism {
    /// Throws `.invalidParameter` with the first parameter out of range.
    public func validate() throws(AccountingError) {
        switch self {
        case .gaussian(let noise, let rate):
            try Self.check(noise: noise)
            try Self.check(rate: rate)
        case .gaussianWithoutReplacement(let noise, let sample, let population):
            try Self.check(noise: noise)
            try AccountingError.require(population >= 1, "populationSize", Double(population), "at least 1")
            try AccountingError.require(
                sample >= 0 && sample <= population, "sampleSize", Double(sample), "from 0 to the population's size")
        case .gaussianTruncatedPoisson(let noise, let rate, let maximum, let population):
            try Self.check(noise: noise)
            try Self.check(rate: rate)
            try AccountingError.require(
                population >= 1 && population <= 1 << 40, "populationSize", Double(population), "from 1 to 2^40")
            try AccountingError.require(maximum >= 1, "maximumSampleSize", Double(maximum), "at least 1")
        case .tree(let noise, let leaves):
            try Self.check(noise: noise)
            try AccountingError.require(leaves >= 1, "leafCount", Double(leaves), "at least 1")
        case .zeroConcentrated(let rho):
            try AccountingError.require(rho >= 0 && rho.isFinite, "rho", rho, "at least 0")
        case .scalarDiscreteGaussian(let deviation, let sensitivity, let rate),
            .scalarSkellam(let deviation, let sensitivity, let rate):
            try Self.check(scalarDeviation: deviation, sensitivity: sensitivity)
            try Self.check(rate: rate)
        case .distributedDiscreteGaussian(let noise, let rate), .distributedSkellam(let noise, let rate):
            try noise.validate()
            try Self.check(rate: rate)
        }
    }

    /// The same mechanism with its noise set to `noiseMultiplier` deviations per unit of sensitivity (clip).
    ///
    /// For `.zeroConcentrated` that is ρ = 1/(2z²).
    public func with(noiseMultiplier z: Double) -> PrivacyMechanism {
        switch self {
        case .gaussian(_, let rate): return .gaussian(noiseMultiplier: z, samplingRate: rate)
        case .gaussianWithoutReplacement(_, let sample, let population):
            return .gaussianWithoutReplacement(noiseMultiplier: z, sampleSize: sample, populationSize: population)
        case .gaussianTruncatedPoisson(_, let rate, let maximum, let population):
            return .gaussianTruncatedPoisson(
                noiseMultiplier: z, samplingRate: rate, maximumSampleSize: maximum, populationSize: population)
        case .tree(_, let leaves): return .tree(noiseMultiplier: z, leafCount: leaves)
        case .zeroConcentrated: return .zeroConcentrated(rho: 1 / (2 * z * z))
        case .scalarDiscreteGaussian(_, let sensitivity, let rate):
            return .scalarDiscreteGaussian(
                sigma: z * Double(sensitivity), sensitivity: sensitivity, samplingRate: rate)
        case .scalarSkellam(_, let sensitivity, let rate):
            return .scalarSkellam(deviation: z * Double(sensitivity), sensitivity: sensitivity, samplingRate: rate)
        case .distributedDiscreteGaussian(var noise, let rate):
            noise.centralDeviation = z * noise.clip
            return .distributedDiscreteGaussian(noise, samplingRate: rate)
        case .distributedSkellam(var noise, let rate):
            noise.centralDeviation = z * noise.clip
            return .distributedSkellam(noise, samplingRate: rate)
        }
    }

    /// The short name that commands and reports use.
    public var name: String {
        switch self {
        case .gaussian: "gaussian"
        case .gaussianWithoutReplacement: "gaussian-without-replacement"
        case .gaussianTruncatedPoisson: "gaussian-truncated-poisson"
        case .tree: "tree"
        case .zeroConcentrated: "zcdp"
        case .scalarDiscreteGaussian: "scalar-discrete-gaussian"
        case .scalarSkellam: "scalar-skellam"
        case .distributedDiscreteGaussian: "ddgauss"
        case .distributedSkellam: "skellam"
        }
    }

    private static func check(noise: Double) throws(AccountingError) {
        try AccountingError.require(noise >= 1e-3 && noise <= 1e9, "noiseMultiplier", noise, "from 0.001 to 1e9")
    }

    private static func check(rate: Double) throws(AccountingError) {
        try AccountingError.require(rate >= 0 && rate <= 1, "samplingRate", rate, "in [0, 1]")
    }

    private static func check(scalarDeviation: Double, sensitivity: Int) throws(AccountingError) {
        try AccountingError.require(
            scalarDeviation >= 0.05 && scalarDeviation <= 1e5, "deviation", scalarDeviation, "from 0.05 to 100000")
        try AccountingError.require(
            sensitivity >= 1 && sensitivity <= 1 << 20, "sensitivity", Double(sensitivity), "from 1 to 1048576")
    }
}

extension PrivacyMechanism {
    /// Several Gaussian releases about one and the same sample, such as an update and the count that adapts its clip:
    /// together one Gaussian of multiplier (Σ zᵢ⁻²)^(−1/2). Andrew et al. 2021 (arXiv:1905.03871), section 2.
    ///
    /// Composing them one by one would count as if each had drawn its own sample, which is not a bound for what one
    /// sample reveals. Multipliers are above 0, at least one of them.
    public static func gaussian(sharingSample noiseMultipliers: [Double], samplingRate: Double) -> PrivacyMechanism {
        precondition(!noiseMultipliers.isEmpty, "a release has noise")
        let precision = noiseMultipliers.reduce(0) { $0 + 1 / ($1 * $1) }
        return .gaussian(noiseMultiplier: 1 / precision.squareRoot(), samplingRate: samplingRate)
    }

    /// The tighter accountant that can analyse the mechanism.
    public var tightestAccountant: Accountant {
        switch self {
        case .gaussian, .gaussianTruncatedPoisson, .tree, .scalarDiscreteGaussian, .scalarSkellam: .pld
        case .gaussianWithoutReplacement, .zeroConcentrated, .distributedDiscreteGaussian, .distributedSkellam: .rdp
        }
    }
}

/// A mechanism released `count` times. Values of different mechanisms compose in any order.
public struct ComposedMechanism: Hashable, Codable, Sendable {
    /// What is released.
    public var mechanism: PrivacyMechanism
    /// How often; at least 0.
    public var count: Int

    /// Takes a mechanism and how often it runs.
    public init(_ mechanism: PrivacyMechanism, count: Int = 1) {
        self.mechanism = mechanism
        self.count = count
    }

    func validate() throws(AccountingError) {
        try mechanism.validate()
        try AccountingError.require(count >= 0 && count <= 1 << 40, "count", Double(count), "from 0 to 2^40")
    }
}
