import Messages
import Quantization
import Tensors

/// One published version with all that the next round needs; stored in one piece.
public struct CoordinatorRecord: Hashable, Sendable {
    /// Counts from 0; equal to the number of published rounds.
    public var version: UInt32
    /// Hash of the model as clients receive it.
    public var modelHash: Digest
    /// The float master, one value per parameter.
    public var master: [Float]
    /// The int8 lattice as `LatticeDifference.encodeWhole` writes it; scales of the next version lean on it.
    public var lattice: [UInt8]
    /// Mean of the masters so far, one value per parameter; empty where none is kept.
    public var average: [Float]
    /// The steps from version 0 where the model goes out coded; otherwise empty.
    public var coded: [UInt8]
    /// What the strategy remembers.
    public var strategy: StrategyState
    /// Smoothed time from announcement to answer, in seconds, by client number.
    public var answerSeconds: [Int: Double]
    /// What happened in the round.
    public var report: RoundReport
    /// Activations of the clients of the newest round that calibrated: one histogram per quantization point, as
    /// `ActivationHistogram` encodes itself. Empty before.
    public var activations: [[UInt8]]
    /// The last updates of clients, by number, where the next ones are predicted by them.
    public var lastUpdates: [Int: LastUpdate]

    /// Most bytes of one of them.
    static let maximumHistogramByteCount = 4096

    /// Makes the value from its fields.
    public init(
        version: UInt32, modelHash: Digest, master: [Float], lattice: [UInt8], average: [Float] = [],
        coded: [UInt8] = [],
        strategy: StrategyState, answerSeconds: [Int: Double], report: RoundReport,
        activations: [[UInt8]] = [], lastUpdates: [Int: LastUpdate] = [:]
    ) {
        self.version = version
        self.modelHash = modelHash
        self.master = master
        self.lattice = lattice
        self.average = average
        self.coded = coded
        self.strategy = strategy
        self.answerSeconds = answerSeconds
        self.report = report
        self.activations = activations
        self.lastUpdates = lastUpdates
    }

    /// The float model that is evaluated and exported: the average where there is one, otherwise the master.
    public var delivered: [Float] { average.isEmpty ? master : average }

    /// The int8 lattice of `delivered`.
    ///
    /// - Throws: `FederationError.codec` for bytes or values that are damaged.
    public func deliveredLattice(layout: ParameterLayout) throws(FederationError) -> ModelLattice {
        average.isEmpty
            ? try ModelLattice(decodingWhole: lattice, layout: layout)
            : try ModelLattice(master: average, layout: layout, previous: nil)
    }
}
