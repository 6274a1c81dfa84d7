import Tensors

/// A model to be evaluated.
public struct EvaluationRequest: Sendable {
    /// Its version.
    public var version: UInt32
    /// The float master, one value per parameter.
    public var master: [Float]

    /// Makes the value from its fields.
    public init(version: UInt32, master: [Float]) {
        self.version = version
        self.master = master
    }
}
