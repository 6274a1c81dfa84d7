import Encryption
import Federation
import Foundation
import Logging
import Messages
import ModelFormats
import Persistence
import Reporting
import Tensors
import Training

/// A coordinator put together: plan, store, identity, gate, core and node.
public struct CoordinatorService: Sendable {
    /// Drives the core; its channel is the one given.
    public let node: CoordinatorNode
    /// Parameters of the model.
    public let parameterCount: Int
    /// The newest version at the start, above 0 when an earlier run is continued.
    public let version: UInt32
    private let store: CoordinatorStore
    let spec: ModelSpec

    /// Loads what was stored and puts the parts together.
    ///
    /// - Parameters:
    ///   - gate: the one that the channel asks.
    ///   - test: samples to measure every version on; nil: none.
    ///   - progress: called in order, from one task.
    /// - Throws: `PersistenceError`, `FederationError`, `TrainingError`.
    public init(
        plan: FederationPlan, store: CoordinatorStore, identity: NodeIdentity, gate: RosterGate, channel: any Channel,
        test: TrainingSet?, logger: Logger, progress: @escaping @Sendable (CoordinatorProgress) -> Void
    ) throws {
        var plan = plan
        // Nobody would answer an evaluation, and every round would wait for it until its deadline.
        if test == nil { plan.policy.evaluateEvery = 0 }
        let parameters = try store.bind(plan.parameters)
        let stored = try store.load()
        for version in stored.damaged { logger.error("stored version \(version) is damaged; an earlier one is used") }
        let configuration = try plan.configuration(storedAs: parameters)
        let core = try CoordinatorCore(
            configuration: configuration, state: stored.state, identity: identity.signing, entropy: Entropy.bytes)
        gate.replace(stored.state.roster)
        self.store = store
        spec = plan.spec
        parameterCount = configuration.layout.count
        version = stored.state.record?.version ?? 0
        node = CoordinatorNode(
            core: core, channel: channel, store: store, ledger: stored.ledger, gate: gate,
            evaluator: try test.map { try ModelEvaluator(spec: plan.spec, test: $0) }, logger: logger,
            progress: progress)
    }

    /// Writes the newest model: `model.int8.safetensors` as clients and devices use it, `model.fp32.safetensors` as the
    /// coordinator keeps it.
    ///
    /// - Throws: `NodeError.file`; nothing is written before the first round.
    public func writeModel(into folder: URL) throws {
        guard let record = try store.load().state.record else { return }
        let files = try ModelFiles(record: record, spec: spec)
        try files.write(into: folder)
    }
}
