/// The result of a run: what `summary.json` holds. `Docs/summary-json.md` describes the format.
public struct RunSummary: Hashable, Codable, Sendable {
    /// Name of the scenario.
    public var scenario: String
    /// The seed that the run started from.
    public var seed: UInt64
    /// The int8 accuracy that savings are measured at, fraction in 0...1; nil when the scenario has no target.
    @ExplicitNull public var targetAccuracy: Double?
    /// One entry per arm, in the order of the scenario; the first is what savings are measured against.
    public var arms: [ArmSummary]
    /// One entry per arm after the first; empty when the scenario has no target.
    public var savings: [Savings]

    /// Makes the summary and computes the savings.
    ///
    /// - Parameter targetAccuracy: fraction in 0...1 that the int8 model is to reach, or nil.
    public init(scenario: String, seed: UInt64, arms: [ArmSummary], targetAccuracy: Double?) {
        self.scenario = scenario
        self.seed = seed
        self.targetAccuracy = targetAccuracy
        self.arms = arms
        savings = Savings.measure(arms, targetAccuracy: targetAccuracy)
    }

    private enum CodingKeys: String, CodingKey {
        case scenario, seed, arms, savings
        case targetAccuracy = "target_accuracy"
    }
}
