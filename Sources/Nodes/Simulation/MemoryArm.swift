import Configuration
import Encryption
import Federation
import Foundation
import Logging
import Messages
import Persistence
import Tensors

/// One arm in this process alone: the same cores and messages over the in-memory channel.
struct MemoryArm: ArmRunning {
    let arm: ScenarioArm
    let folder: ArmFolder
    let dataRoot: URL?
    let logger: Logger

    func run(_ progress: @escaping @Sendable (CoordinatorProgress) -> Void) async throws {
        let population = try Population(
            dataset: arm.dataset, partition: arm.partition, clients: arm.clients, dataRoot: dataRoot, seed: arm.seed)
        let identity = NodeIdentity.generate(.coordinator)
        // Bundles of the model are signed with it.
        try identity.save(to: folder.identity.path)
        let keys = (0..<arm.clients).map { _ in PeerID(unchecked: Entropy.bytes(PeerID.byteCount)) }
        let store = try CoordinatorStore.inMemory()
        try store.approve(keys.enumerated().map { (name: ArmFolder.name($0), transportKey: $1) })
        let network = InMemoryNetwork(coordinatorID: PeerID(unchecked: identity.transport.publicKey))
        var plan = try FederationPlan(
            name: arm.name, seed: arm.seed, settings: arm.run, policy: arm.policy,
            inputShape: population.inputShape, classCount: population.classCount)
        plan.turnTime = arm.links.map { ClientLinks($0, clients: arm.clients, seed: arm.seed).turnTime }
        let service = try CoordinatorService(
            plan: plan, store: store, identity: identity, gate: RosterGate(try store.roster()),
            channel: network.coordinator, test: population.test, logger: logger, progress: progress)
        progress(
            .listening(
                .init(
                    endpoint: "memory", parameterCount: service.parameterCount, version: service.version,
                    spec: service.spec)))
        let workshop = population.workshop(threads: ProcessInfo.processInfo.activeProcessorCount)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, key) in keys.enumerated() {
                let node = try client(population.shares[number], workshop, network.connect(key), identity)
                group.addTask { _ = try await node.run() }
            }
            let report = try await service.node.run()
            group.cancelAll()
            guard report.outcome.isSuccess else { throw NodeError.incomplete(report.reason) }
        }
        try service.writeModel(into: folder.root)
    }

    private func client(
        _ share: [Int], _ workshop: TrainingWorkshop, _ channel: any Channel, _ coordinator: NodeIdentity
    ) throws -> ClientNode {
        let trainer = LocalTrainer(workshop: workshop, indices: share)
        let core = try ClientCore(
            configuration: ClientConfiguration(
                coordinatorIdentity: PublicKeyBytes(unchecked: coordinator.signing.publicKey),
                sampleCount: trainer.sampleCount),
            state: ClientState(), entropy: Entropy.bytes)
        return ClientNode(core: core, channel: channel, trainer: trainer, stateFile: nil, logger: logger)
    }
}
