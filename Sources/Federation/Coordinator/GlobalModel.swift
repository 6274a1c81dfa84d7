import Messages
import Quantization
import Tensors

/// The global model on the coordinator: the float master, its lattice, and what of them is published.
struct GlobalModel: Sendable {
    let version: UInt32
    let master: [Float]
    let lattice: ModelLattice
    let published: PublishedModel
    let hash: Digest
    let strategy: StrategyState

    /// Quantizes a master; `previous` lends its scales.
    init(
        version: UInt32, master: [Float], previous: ModelLattice?, strategy: StrategyState,
        configuration: CoordinatorConfiguration
    ) throws(FederationError) {
        let lattice = try ModelLattice(master: master, layout: configuration.layout, previous: previous)
        self.init(version: version, master: master, lattice: lattice, strategy: strategy, configuration: configuration)
    }

    /// Goes on from a stored version.
    init(restoring record: CoordinatorRecord, configuration: CoordinatorConfiguration) throws(FederationError) {
        let layout = configuration.layout
        guard record.master.count == layout.count else {
            throw .shapeMismatch(expected: layout.count, actual: record.master.count)
        }
        for moment in [record.strategy.first, record.strategy.second] where !moment.isEmpty {
            guard moment.count == layout.count else {
                throw .shapeMismatch(expected: layout.count, actual: moment.count)
            }
        }
        let stored = try PublishedModel(decoding: record.lattice, layout: layout, downlink: .int8)
        guard case .lattice(let lattice) = stored else { throw .damagedState("lattice") }
        self.init(
            version: record.version, master: record.master, lattice: lattice, strategy: record.strategy,
            configuration: configuration)
        guard hash == record.modelHash else { throw .damagedState("model hash") }
    }

    private init(
        version: UInt32, master: [Float], lattice: ModelLattice, strategy: StrategyState,
        configuration: CoordinatorConfiguration
    ) {
        self.version = version
        self.master = master
        self.lattice = lattice
        self.strategy = strategy
        published =
            switch configuration.parameters.compression.down {
            case .float32: .float(master)
            case .int8: .lattice(lattice)
            }
        hash = published.hash
    }
}
