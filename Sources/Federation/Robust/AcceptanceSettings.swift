/// A test that every new version must pass on the coordinator's own data before it is published.
public struct AcceptanceSettings: Hashable, Codable, Sendable {
    /// How far the int8 accuracy may fall below that of the version before, a fraction in 0...1.
    public var maximumDrop: Double

    /// Makes the value from its fields.
    public init(maximumDrop: Double = 0.1) { self.maximumDrop = maximumDrop }

    /// Whether a version may follow one with accuracy `before`; nil: nothing was measured yet.
    public func accepts(_ evaluation: Evaluation, after before: Double?) -> Bool {
        guard evaluation.loss.isFinite, evaluation.int8Accuracy.isFinite else { return false }
        return evaluation.int8Accuracy >= (before ?? 0) - maximumDrop
    }

    /// Checks the range.
    ///
    /// - Throws: `FederationError.invalidSetting`.
    public func validate() throws(FederationError) {
        guard maximumDrop >= 0, maximumDrop <= 1 else {
            throw .invalidSetting("acceptance.maximum_drop", allowed: "0 to 1")
        }
    }
}
