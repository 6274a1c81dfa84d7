import Messages
import Quantization
import Tensors

/// The global model on the coordinator: the float master, its lattice, what of them clients train from, and what is
/// delivered.
struct GlobalModel: Sendable {
    let version: UInt32
    let master: [Float]
    let lattice: ModelLattice
    /// Mean of the masters so far, which is evaluated and exported in the master's place; nil where none is kept.
    let average: [Float]?
    let published: PublishedModel
    let hash: Digest
    let strategy: StrategyState

    /// Version 0.
    init(initial configuration: CoordinatorConfiguration) throws(FederationError) {
        let master = configuration.initialParameters
        let layout = configuration.layout
        self.init(
            version: 0, master: master, lattice: try ModelLattice(master: master, layout: layout, previous: nil),
            average: nil,
            published: try PublishedModel(master, layout: layout, compression: configuration.parameters.compression),
            strategy: StrategyState())
    }

    /// The version after this one.
    ///
    /// - Throws: `FederationError.codec` for values that no lattice can hold or no codec takes.
    func next(
        master: [Float], strategy: StrategyState, initial: PublishedModel, configuration: CoordinatorConfiguration
    ) throws(FederationError) -> GlobalModel {
        let lattice = try ModelLattice(master: master, layout: configuration.layout, previous: lattice)
        let next: PublishedModel
        switch published {
        case .float: next = .float(master)
        case .lattice: next = .lattice(lattice)
        case .coded(let held):
            guard case .coded(let initial) = initial else { throw .codec("version 0 is of another kind") }
            let base = configuration.goesOnFromLastVersion(held) ? held : initial
            next = .coded(try base.approaching(master, round: Int(version) + 1))
        }
        let average = configuration.policy.strategy.averaging.map {
            MasterAverage.next(self.average ?? master, taking: master, version: version + 1, recency: $0)
        }
        return GlobalModel(
            version: version + 1, master: master, lattice: lattice, average: average, published: next,
            strategy: strategy)
    }

    /// What is evaluated: the average where there is one, otherwise the master.
    ///
    /// - Throws: `FederationError.codec` for values that no lattice can hold.
    func evaluationRequest(layout: ParameterLayout) throws(FederationError) -> EvaluationRequest {
        guard let average else { return EvaluationRequest(version: version, master: master, lattice: lattice) }
        return EvaluationRequest(
            version: version, master: average,
            lattice: try ModelLattice(master: average, layout: layout, previous: nil))
    }

    /// Goes on from a stored version.
    ///
    /// - Parameter initial: version 0 as it is published.
    init(
        restoring record: CoordinatorRecord, initial: PublishedModel, configuration: CoordinatorConfiguration
    ) throws(FederationError) {
        let layout = configuration.layout
        guard record.master.count == layout.count else {
            throw .shapeMismatch(expected: layout.count, actual: record.master.count)
        }
        for values in [record.strategy.first, record.strategy.second, record.average] where !values.isEmpty {
            guard values.count == layout.count else {
                throw .shapeMismatch(expected: layout.count, actual: values.count)
            }
        }
        let lattice = try ModelLattice(decodingWhole: record.lattice, layout: layout)
        let published: PublishedModel
        switch initial {
        case .float: published = .float(record.master)
        case .lattice: published = .lattice(lattice)
        case .coded(let initial): published = .coded(try initial.applying(record.coded))
        }
        self.init(
            version: record.version, master: record.master, lattice: lattice,
            average: record.average.isEmpty ? nil : record.average, published: published, strategy: record.strategy)
        guard hash == record.modelHash else { throw .damagedState("model hash") }
    }

    private init(
        version: UInt32, master: [Float], lattice: ModelLattice, average: [Float]?, published: PublishedModel,
        strategy: StrategyState
    ) {
        self.version = version
        self.master = master
        self.lattice = lattice
        self.average = average
        self.strategy = strategy
        self.published = published
        hash = published.hash
    }
}

extension CoordinatorConfiguration {
    /// Whether a coded version is a step from the last one, rather than from version 0.
    ///
    /// Where every client takes part in every round, each holds the last version, and one small step is all it needs.
    /// Otherwise a client would need all steps that it has missed, and one step from version 0 is the smallest thing
    /// that serves them all. Steps are also begun anew when together they are as long as the whole lattice.
    func goesOnFromLastVersion(_ held: CodedModel) -> Bool {
        policy.cohort == .all && held.byteCount < layout.count
    }
}
