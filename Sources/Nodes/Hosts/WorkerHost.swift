import Encryption
import Federation
import Foundation
import Logging
import Messages
import Tensors
import Transport

/// Many clients in one process, each with a socket and keys of its own, over one copy of the data.
public struct WorkerHost: Sendable {
    private let nodes: [ClientNode]
    private let group: DealerGroup

    /// Loads the data once and the keys of every client, and begins to connect.
    ///
    /// - Parameter dataRoot: folder of the named sets and of relative paths.
    /// - Throws: `EncryptionError`, `TransportError`, `DatasetError`, `FederationError`, `NodeError`.
    public init(plan: WorkerPlan, dataRoot: URL?, logger: Logger) throws {
        guard let serverKey = PeerID(hex: plan.transportKey), let identity = PublicKeyBytes(hex: plan.identityKey)
        else {
            throw NodeError.configuration("the worker's plan holds a key that is not 64 hexadecimal digits")
        }
        let population = try Population(
            dataset: plan.dataset, partition: plan.partition, clients: plan.clientCount, dataRoot: dataRoot,
            seed: plan.seed)
        let workshop = population.workshop(threads: plan.threads)
        let group = try DealerGroup(settings: TransportSettings(heartbeat: .seconds(plan.heartbeatSeconds)))
        self.group = group
        nodes = try plan.clients.map { number in
            let path = plan.clientFolder + "/" + ArmFolder.name(number) + "/client.key"
            let keys = try NodeIdentity.load(from: path, role: .client)
            let channel = try group.connect(to: plan.endpoint, serverKey: serverKey, keys: CurveKeys(keys.transport))
            let trainer = LocalTrainer(workshop: workshop, indices: population.shares[number])
            let core = try ClientCore(
                configuration: ClientConfiguration(coordinatorIdentity: identity, sampleCount: trainer.sampleCount),
                state: ClientState(), identity: keys.signing, entropy: Entropy.bytes)
            return ClientNode(core: core, channel: channel, trainer: trainer, stateFile: nil, logger: logger)
        }
    }

    /// Takes part with every client until the federation ends.
    ///
    /// - Throws: the first client's error; the others are stopped.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for node in nodes { tasks.addTask { _ = try await node.run() } }
            do {
                try await tasks.waitForAll()
            } catch {
                await stop()
                throw error
            }
        }
    }

    /// Says goodbye for every client and ends `run`.
    public func stop() async {
        for node in nodes { await node.stop() }
    }
}
