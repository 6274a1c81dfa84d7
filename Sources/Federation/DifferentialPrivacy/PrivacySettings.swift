import Privacy
import UpdateCodec

/// Differential privacy at the level of clients: what the published models tell about whether a client took part.
///
/// In the visible lane the coordinator sees every update and is trusted with it; whoever sees the models only is who this
/// protects from. In the masked lane it sees the sum, with `ddgauss` and `skellam` a noisy one.
public struct PrivacySettings: Hashable, Codable, Sendable {
    /// Where the noise comes from.
    public enum Mechanism: String, Hashable, Codable, Sendable, CaseIterable {
        /// Fresh Gaussian noise on every sum, over a Poisson sample of the clients or all of them.
        case gaussian
        /// A tree of noise over rounds among which the clients are dealt out (DP-FTRL); needs no sampling.
        case tree
        /// Discrete Gaussians that the clients of the masked lane add themselves.
        case ddgauss
        /// The same with Skellam noise.
        case skellam

        /// What clients draw; nil: the coordinator draws the noise.
        var kind: NoiseSource.Kind? {
            switch self {
            case .gaussian, .tree: nil
            case .ddgauss: .discreteGaussian
            case .skellam: .skellam
            }
        }

        /// Whether clients draw the noise.
        public var isDistributed: Bool { kind != nil }
    }

    /// Where the noise comes from.
    public var mechanism: Mechanism
    /// L2 norm that updates are scaled down to; the first one where it adapts.
    public var clip: Double
    /// How the clip follows the norms of the updates; nil: not at all.
    public var adaptive: AdaptiveClip?
    /// Deviation of the noise over the clip.
    public var noiseMultiplier: Double
    /// What may be spent in all; the run ends before it is passed.
    public var budget: PrivacyBudget
    /// How losses are added up.
    public var accountant: Accountant
    /// Fewest clients that follow the protocol in any sum, which the noise of clients is made for; nil where the
    /// coordinator draws it.
    public var survivors: Int?

    /// Makes the value from its fields.
    public init(
        mechanism: Mechanism = .gaussian, clip: Double, adaptive: AdaptiveClip? = nil, noiseMultiplier: Double,
        budget: PrivacyBudget, accountant: Accountant = .pld, survivors: Int? = nil
    ) {
        self.mechanism = mechanism
        self.clip = clip
        self.adaptive = adaptive
        self.noiseMultiplier = noiseMultiplier
        self.budget = budget
        self.accountant = accountant
        self.survivors = survivors
    }

    /// What clients of the masked lane have to do.
    ///
    /// - Throws: `FederationError.invalidSetting` for what needs to see single updates.
    public func maskedPrivacy() throws(FederationError) -> MaskedPrivacy {
        guard adaptive == nil else {
            throw .invalidSetting("privacy.adaptive", allowed: "left out, with a masked uplink that hides the norms")
        }
        guard let kind = mechanism.kind, let survivors else { return MaskedPrivacy(clip: clip) }
        return MaskedPrivacy(
            clip: clip, share: .init(kind: kind, noiseMultiplier: noiseMultiplier, survivors: survivors))
    }

    /// What one release is to an accountant: a round, or a whole tree.
    ///
    /// - Parameter bound: the grid of the masked lane, which the noise of clients is drawn on.
    /// - Throws: `FederationError.invalidSetting` when the cohort is not drawn as the mechanism needs it.
    public func release(cohort: CohortSize, bound: SharedBound? = nil) throws(FederationError) -> PrivacyMechanism {
        if mechanism.isDistributed { return try distributed(cohort: cohort, bound: bound) }
        return switch (mechanism, cohort) {
        case (.gaussian, .poisson(let rate)):
            .gaussian(noiseMultiplier: noiseMultiplier, samplingRate: rate)
        case (.gaussian, .all): .gaussian(noiseMultiplier: noiseMultiplier)
        case (.tree, .dealt(let rounds)): .tree(noiseMultiplier: noiseMultiplier, leafCount: rounds)
        case (.gaussian, _): throw .invalidSetting("cohort", allowed: "{poisson: rate} or all, with gaussian noise")
        default: throw .invalidSetting("cohort", allowed: "{dealt: rounds}, with a tree of noise")
        }
    }

    private func distributed(cohort: CohortSize, bound: SharedBound?) throws(FederationError) -> PrivacyMechanism {
        guard let bound, let noise = try maskedPrivacy().distributedNoise(bound) else {
            throw .invalidSetting(
                "privacy.mechanism", allowed: "gaussian or tree, unless the uplink is masked and survivors are given")
        }
        let rate = try samplingRate(cohort)
        return mechanism == .skellam
            ? .distributedSkellam(noise, samplingRate: rate) : .distributedDiscreteGaussian(noise, samplingRate: rate)
    }

    private func samplingRate(_ cohort: CohortSize) throws(FederationError) -> Double {
        switch cohort {
        case .poisson(let rate): rate
        case .all: 1
        default: throw .invalidSetting("cohort", allowed: "{poisson: rate} or all, with noise of clients")
        }
    }

    /// Checks all ranges, and that a single release fits the noise that can be drawn.
    ///
    /// - Throws: `FederationError.invalidSetting` that names the field.
    public func validate(cohort: CohortSize) throws(FederationError) {
        func check(_ valid: Bool, _ name: String, _ allowed: String) throws(FederationError) {
            guard valid else { throw .invalidSetting("privacy.\(name)", allowed: allowed) }
        }
        try check(AdaptiveClip.range.contains(clip), "clip", "0.0001 to 1000")
        try check(noiseMultiplier >= 0.01 && noiseMultiplier <= 1000, "noise_multiplier", "0.01 to 1000")
        if let adaptive {
            try check(adaptive.quantile > 0 && adaptive.quantile < 1, "quantile", "above 0, below 1")
            try check(adaptive.rate > 0 && adaptive.rate <= 2, "rate", "above 0, up to 2")
            try check(
                adaptive.countDeviation <= 0x1p30 && adaptive.updateMultiplier(noiseMultiplier) != nil,
                "count_deviation", "above half of the noise multiplier")
            try check(mechanism == .gaussian, "adaptive", "left out, but with gaussian noise: other clips are fixed")
        }
        if mechanism.isDistributed {
            let range = 1...MaskingThreshold.clientRange.upperBound
            try check(
                survivors.map(range.contains) ?? false, "survivors", "1 to \(range.upperBound), with noise of clients")
            try check(accountant == .rdp, "accountant", "rdp, with noise of clients")
            _ = try samplingRate(cohort)
            return
        }
        try check(survivors == nil, "survivors", "left out, unless clients draw the noise")
        let release = try release(cohort: cohort)
        do { try release.validate() } catch {
            throw .invalidSetting("privacy", allowed: "what the accountant knows: \(error)")
        }
    }
}
