/// A question about a privacy budget as a user puts it: all but one of ε, noise and rounds, and what is left is solved.
///
/// This is what the `epsilon` command parses its options into; each property names its option.
public struct EpsilonQuery: Hashable, Codable, Sendable {
    /// What `--mechanism` may be.
    public enum Mechanism: String, Hashable, Codable, Sendable, CaseIterable {
        /// Gaussian noise over a Poisson sample.
        case gaussian
        /// Gaussian noise over a fixed-size sample; needs `--sample-size` and `--population-size`.
        case gaussianWithoutReplacement = "gaussian-without-replacement"
        /// Poisson sampling cut at `--sample-size` of `--population-size`.
        case gaussianTruncatedPoisson = "gaussian-truncated-poisson"
        /// DP-FTRL: one tree over `--rounds` rounds for each of `--epochs`, every client once in each tree.
        case tree
        /// Skellam noise summed over `--clients`; needs `--dimension` and `--scale`.
        case skellam
        /// Discrete Gaussians summed over `--clients`; needs `--dimension` and `--scale`.
        case ddgauss
        /// ρ-zCDP with ρ = 1/(2z²).
        case zcdp
    }

    /// `--mechanism`.
    public var mechanism: Mechanism
    /// `--delta`; in (0, 1).
    public var delta: Double
    /// `--sampling-rate`; in [0, 1].
    public var samplingRate = 1.0
    /// `--noise-multiplier`: deviation of the noise over the clip. Leave out to solve for it.
    public var noiseMultiplier: Double?
    /// `--epsilon`: the target. Leave out to solve for it.
    public var epsilon: Double?
    /// `--rounds`; for a tree, its leaves. Leave out to solve for it, except for a tree.
    public var rounds: Int?
    /// `--epochs`: trees that a client takes part in; for a tree alone.
    public var epochs = 1
    /// `--accountant`; the tightest that knows the mechanism if left out.
    public var accountant: Accountant?
    /// `--loss-rounding`: see `LossRounding`; for the pld accountant alone.
    public var lossRounding = LossRounding.connectingDots
    /// `--clients`: the fewest honest clients whose noise is in a sum.
    public var clientCount = 1
    /// `--dimension`: coordinates of the vector, padding included.
    public var dimension: Int?
    /// `--scale`: integers per unit.
    public var scale: Double?
    /// `--clip`: L2 bound of a client's vector.
    public var clip = 1.0
    /// `--rounding-beta`: see `DistributedNoise.roundingBeta`.
    public var roundingBeta = DistributedNoise.defaultRoundingBeta
    /// `--sample-size`.
    public var sampleSize: Int?
    /// `--population-size`.
    public var populationSize: Int?

    /// A question with every option but these two at its default.
    public init(mechanism: Mechanism, delta: Double) {
        self.mechanism = mechanism
        self.delta = delta
    }

    /// The same from an option's text; throws `.unknownName` with the names that are known.
    public init(mechanism name: String, delta: Double) throws(AccountingError) {
        guard let mechanism = Mechanism(rawValue: name) else {
            let known = Mechanism.allCases.map(\.rawValue)
            throw .unknownName(option: "--mechanism", value: name, known: known)
        }
        self.init(mechanism: mechanism, delta: delta)
    }

    /// Solves for what was left out. Throws `.missingOption` if more than one thing was, and what `PrivacyPlan` throws.
    public func answer() throws(AccountingError) -> EpsilonAnswer {
        try AccountingError.require(clip > 0 && clip.isFinite, "clip", clip, "above 0")
        try AccountingError.require(epochs >= 1, "epochs", Double(epochs), "at least 1")
        let isTree = mechanism == .tree
        guard rounds != nil || !isTree && epsilon != nil else { throw .missingOption("--rounds") }
        guard noiseMultiplier != nil || epsilon != nil else { throw .missingOption("--noise-multiplier or --epsilon") }
        let release = try release(noiseMultiplier: noiseMultiplier ?? 1)
        var plan = PrivacyPlan(
            mechanism: release, rounds: isTree ? epochs : rounds ?? 0, delta: delta, accountant: accountant)
        plan.rounding = lossRounding
        var noise = noiseMultiplier ?? 1
        var solved = EpsilonAnswer.Unknown.epsilon
        if let epsilon, noiseMultiplier == nil {
            noise = try plan.noise(for: epsilon)
            plan = plan.with(noiseMultiplier: noise)
            solved = .noiseMultiplier
        } else if let epsilon, rounds == nil {
            plan.rounds = try plan.rounds(for: epsilon)
            solved = .rounds
        }
        return try EpsilonAnswer(
            plan: plan, noiseMultiplier: noise, samplingRate: samplingRate,
            rounds: isTree ? rounds ?? 0 : plan.rounds, solvedFor: solved)
    }

    /// One release with the given noise.
    private func release(noiseMultiplier z: Double) throws(AccountingError) -> PrivacyMechanism {
        switch mechanism {
        case .gaussian:
            return .gaussian(noiseMultiplier: z, samplingRate: samplingRate)
        case .gaussianWithoutReplacement:
            return .gaussianWithoutReplacement(
                noiseMultiplier: z, sampleSize: try Self.given(sampleSize, "--sample-size"),
                populationSize: try Self.given(populationSize, "--population-size"))
        case .gaussianTruncatedPoisson:
            return .gaussianTruncatedPoisson(
                noiseMultiplier: z, samplingRate: samplingRate,
                maximumSampleSize: try Self.given(sampleSize, "--sample-size"),
                populationSize: try Self.given(populationSize, "--population-size"))
        case .tree:
            return .tree(noiseMultiplier: z, leafCount: rounds ?? 0)
        case .skellam, .ddgauss:
            return try integerRelease(noiseMultiplier: z)
        case .zcdp:
            return .zeroConcentrated(rho: 1 / (2 * z * z))
        }
    }

    /// A vector's sum; of one coordinate with the pld accountant, the integer query that it is.
    private func integerRelease(noiseMultiplier z: Double) throws(AccountingError) -> PrivacyMechanism {
        let dimension = try Self.given(dimension, "--dimension")
        let scale = try Self.given(scale, "--scale")
        let noise = DistributedNoise(
            clientCount: clientCount, dimension: dimension, scale: scale, clip: clip, centralDeviation: z * clip,
            roundingBeta: roundingBeta)
        try noise.validate()
        if dimension == 1, accountant == .pld, mechanism == .skellam || clientCount == 1 {
            let bound = clip * scale
            let isWhole = bound == bound.rounded() && bound >= 1 && bound <= 1_048_576
            try AccountingError.require(isWhole, "clip × scale", bound, "a whole number from 1 to 1048576")
            return mechanism == .skellam
                ? .scalarSkellam(deviation: z * bound, sensitivity: Int(bound), samplingRate: samplingRate)
                : .scalarDiscreteGaussian(sigma: z * bound, sensitivity: Int(bound), samplingRate: samplingRate)
        }
        return mechanism == .skellam
            ? .distributedSkellam(noise, samplingRate: samplingRate)
            : .distributedDiscreteGaussian(noise, samplingRate: samplingRate)
    }

    private static func given<Value>(_ value: Value?, _ option: String) throws(AccountingError) -> Value {
        guard let value else { throw .missingOption(option) }
        return value
    }
}
