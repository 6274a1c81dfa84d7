import Configuration
import Datasets
import Encryption
import Federation
import Foundation
import Logging
import Messages
import Tensors
import Training
import Transport

/// A client as a process runs it: everything that a `client.yaml` names, opened and tied together.
public struct ClientHost: Sendable {
    private let node: ClientNode
    private let group: DealerGroup

    /// Loads data, keys and state, and begins to connect.
    ///
    /// - Parameters:
    ///   - dataRoot: folder of data sets where the file names none.
    ///   - report: called in order.
    /// - Throws: `EncryptionError`, `TransportError`, `DatasetError`, `TrainingError`, `FederationError`, `NodeError`.
    public init(
        file: ClientFile, dataRoot: URL?, logger: Logger, report: @escaping @Sendable (ClientReport) -> Void
    ) throws {
        let identity = try NodeIdentity.load(from: file.identityFile, role: .client)
        try ArmFolder.make(URL(fileURLWithPath: file.stateDirectory))
        let dataset = try file.data.load(dataRoot: file.dataDirectory.map { URL(fileURLWithPath: $0) } ?? dataRoot)
        let workshop = TrainingWorkshop(
            set: try TrainingSet(dataset), inputShape: dataset.inputShape, classCount: dataset.classCount,
            threads: file.threads)
        let trainer = LocalTrainer(workshop: workshop, indices: Array(0..<dataset.sampleCount))
        group = try DealerGroup(settings: TransportSettings(heartbeat: file.heartbeat))
        let channel = try group.connect(
            to: file.endpoint, serverKey: file.coordinatorTransportKey, keys: CurveKeys(identity.transport))
        let stateFile = ClientStateFile(URL(fileURLWithPath: file.stateDirectory + "/client.state"))
        let state = stateFile.read { logger.warning("the stored state is not used: \($0)") }
        let core = try ClientCore(
            configuration: ClientConfiguration(
                coordinatorIdentity: file.coordinatorIdentity, sampleCount: trainer.sampleCount,
                deviceProfile: file.deviceProfile ?? "", rootKey: file.rootKey),
            state: state, identity: identity.signing, entropy: Entropy.bytes)
        node = ClientNode(
            core: core, channel: channel, trainer: trainer, stateFile: stateFile, logger: logger, report: report)
    }

    /// Takes part until the federation ends.
    public func run() async throws(NodeError) -> ClientNode.Ending { try await node.run() }

    /// Says goodbye and ends `run`.
    public func stop() async { await node.stop() }
}

extension ClientFile.Data {
    /// The samples that the client trains on.
    func load(dataRoot: URL?) throws(DatasetError) -> Dataset {
        switch self {
        case .own(let files): try DatasetSpec.files(files).load(dataRoot: dataRoot, clients: 1, seed: Seed(0)).train
        case .share(let dataset, let partition, let clients, let client, let seed):
            try dataset.loadShare(
                of: client, partition: partition, dataRoot: dataRoot, clients: clients, seed: Seed(seed))
        }
    }
}
