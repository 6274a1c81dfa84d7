/// The most privacy that a run may spend: (ε, δ)-DP of all its releases together.
public struct PrivacyBudget: Hashable, Codable, Sendable {
    /// Highest ε; above 0.
    public let epsilon: Double
    /// δ at which it is counted; in (0, 1).
    public let delta: Double

    /// Throws `.invalidParameter` for values out of range.
    public init(epsilon: Double, delta: Double) throws(AccountingError) {
        try AccountingError.require(epsilon > 0 && epsilon.isFinite, "epsilon", epsilon, "above 0")
        try AccountingError.require(delta > 0 && delta < 1, "delta", delta, "in (0, 1)")
        self.epsilon = epsilon
        self.delta = delta
    }

    /// Checks the values as the other initializer does.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            epsilon: values.decode(Double.self, forKey: .epsilon), delta: values.decode(Double.self, forKey: .delta))
    }
}
