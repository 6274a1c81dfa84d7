import Messages

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
        version: UInt32, modelHash: Digest, master: [Float], lattice: [UInt8], coded: [UInt8] = [],
        strategy: StrategyState, answerSeconds: [Int: Double], report: RoundReport,
        activations: [[UInt8]] = [], lastUpdates: [Int: LastUpdate] = [:]
    ) {
        self.version = version
        self.modelHash = modelHash
        self.master = master
        self.lattice = lattice
        self.coded = coded
        self.strategy = strategy
        self.answerSeconds = answerSeconds
        self.report = report
        self.activations = activations
        self.lastUpdates = lastUpdates
    }
}
