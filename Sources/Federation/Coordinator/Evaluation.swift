import Messages

/// How good a model is on the coordinator's test data.
public struct Evaluation: Hashable, Codable, Sendable {
    /// Of the float master, 0–1.
    public var accuracy: Double
    /// Of the int8 lattice, 0–1.
    public var int8Accuracy: Double
    /// Mean loss of the float master.
    public var loss: Double

    /// Makes the value from its fields.
    public init(accuracy: Double, int8Accuracy: Double, loss: Double) {
        self.accuracy = accuracy
        self.int8Accuracy = int8Accuracy
        self.loss = loss
    }
}
