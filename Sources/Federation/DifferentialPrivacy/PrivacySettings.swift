import Privacy

/// Differential privacy at the level of clients: what the published models tell about whether a client took part.
///
/// The coordinator sees every update and is trusted with it; whoever sees the models only is who this protects from.
public struct PrivacySettings: Hashable, Codable, Sendable {
    /// Where the noise comes from.
    public enum Mechanism: String, Hashable, Codable, Sendable, CaseIterable {
        /// Fresh Gaussian noise on every sum, over a Poisson sample of the clients or all of them.
        case gaussian
        /// A tree of noise over rounds among which the clients are dealt out (DP-FTRL); needs no sampling.
        case tree
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

    /// Makes the value from its fields.
    public init(
        mechanism: Mechanism = .gaussian, clip: Double, adaptive: AdaptiveClip? = nil, noiseMultiplier: Double,
        budget: PrivacyBudget, accountant: Accountant = .pld
    ) {
        self.mechanism = mechanism
        self.clip = clip
        self.adaptive = adaptive
        self.noiseMultiplier = noiseMultiplier
        self.budget = budget
        self.accountant = accountant
    }

    /// What one release is to an accountant: a round, or a whole tree.
    ///
    /// - Throws: `FederationError.invalidSetting` when the cohort is not drawn as the mechanism needs it.
    public func release(cohort: CohortSize) throws(FederationError) -> PrivacyMechanism {
        switch (mechanism, cohort) {
        case (.gaussian, .poisson(let rate)):
            .gaussian(noiseMultiplier: noiseMultiplier, samplingRate: rate)
        case (.gaussian, .all): .gaussian(noiseMultiplier: noiseMultiplier)
        case (.tree, .dealt(let rounds)): .tree(noiseMultiplier: noiseMultiplier, leafCount: rounds)
        case (.gaussian, _): throw .invalidSetting("cohort", allowed: "{poisson: rate} or all, with gaussian noise")
        case (.tree, _): throw .invalidSetting("cohort", allowed: "{dealt: rounds}, with a tree of noise")
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
            try check(mechanism == .gaussian, "adaptive", "left out, with a tree of noise: its clip is fixed")
        }
        let release = try release(cohort: cohort)
        do { try release.validate() } catch {
            throw .invalidSetting("privacy", allowed: "what the accountant knows: \(error)")
        }
    }
}
