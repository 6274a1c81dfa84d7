import Quantization

/// A model to be evaluated.
public struct EvaluationRequest: Sendable {
    /// Its version.
    public var version: UInt32
    /// The float master, one value per parameter.
    public var master: [Float]
    /// The int8 lattice of the master.
    public var lattice: ModelLattice

    /// Makes the value from its fields.
    public init(version: UInt32, master: [Float], lattice: ModelLattice) {
        self.version = version
        self.master = master
        self.lattice = lattice
    }
}
