/// How the updates of a round become one.
public struct AggregationSettings: Hashable, Codable, Sendable {
    /// The rules that there are.
    public enum Rule: String, Hashable, Codable, Sendable, CaseIterable {
        /// The weighted mean, in constant memory.
        case mean
        /// The weighted mean of updates scaled down to `norm`, in constant memory.
        case normBound = "norm-bound"
        /// The median of each coordinate (Yin et al. 2018, arXiv:1803.01498, Definition 1).
        case median
        /// The mean of each coordinate without its extremes (Yin et al. 2018, arXiv:1803.01498, Definition 2).
        case trimmedMean = "trimmed-mean"
        /// The update that is closest to most others (Blanchard et al. 2017, arXiv:1703.02757).
        case krum
        /// The mean of the updates that are closest to the others (the same paper, section 5).
        case multiKrum = "multi-krum"
    }

    /// The rule.
    public var rule: Rule
    /// Norm-bound: L2 norm that updates are scaled down to, above 0.
    public var norm: Double
    /// Trimmed mean, Krum and multi-Krum: the part of the updates that may be hostile, at least 0 and below 0.5.
    public var hostileFraction: Double
    /// Values of updates that may be held at once, for the rules that need all of them; 4 bytes each.
    public var maximumValueCount: Int

    /// 512 MiB.
    public static let defaultMaximumValueCount = 1 << 27

    /// Makes the value from its fields.
    public init(
        rule: Rule = .mean, norm: Double = 1, hostileFraction: Double = 0.2,
        maximumValueCount: Int = AggregationSettings.defaultMaximumValueCount
    ) {
        self.rule = rule
        self.norm = norm
        self.hostileFraction = hostileFraction
        self.maximumValueCount = maximumValueCount
    }

    /// Whether the rule needs all updates at once: memory is then O(cohort × parameters).
    public var needsAllUpdates: Bool { rule != .mean && rule != .normBound }

    /// Checks all ranges.
    ///
    /// - Throws: `FederationError.invalidSetting` that names the field.
    public func validate() throws(FederationError) {
        func check(_ valid: Bool, _ name: String, _ allowed: String) throws(FederationError) {
            guard valid else { throw .invalidSetting("aggregation.\(name)", allowed: allowed) }
        }
        try check(norm > 0 && norm.isFinite, "norm", "above 0")
        try check(hostileFraction >= 0 && hostileFraction < 0.5, "hostile_fraction", "at least 0, below 0.5")
        try check(maximumValueCount >= 1, "maximum_values", "1 or more")
    }
}
