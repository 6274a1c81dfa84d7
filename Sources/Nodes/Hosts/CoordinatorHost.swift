import Configuration
import Datasets
import Encryption
import Federation
import Foundation
import Logging
import Messages
import Persistence
import Tensors
import Training
import Transport

/// A coordinator as a process runs it: everything that a `federation.yaml` names, opened and tied together.
public struct CoordinatorHost: Sendable {
    private let file: FederationFile
    private let service: CoordinatorService
    private let channel: RouterChannel
    private let progress: @Sendable (CoordinatorProgress) -> Void

    /// Opens the state directory, loads what was stored, and binds the socket.
    ///
    /// - Parameters:
    ///   - dataRoot: folder of data sets where the file names none.
    ///   - progress: called in order.
    /// - Throws: `PersistenceError`, `EncryptionError`, `TransportError`, `DatasetError`, `TrainingError`,
    ///   `FederationError`, `NodeError`.
    public init(
        file: FederationFile, dataRoot: URL?, logger: Logger,
        progress: @escaping @Sendable (CoordinatorProgress) -> Void
    ) throws {
        self.file = file
        self.progress = progress
        let identity = try NodeIdentity.load(from: file.identityFile, role: .coordinator)
        let store = try CoordinatorStore(path: file.storePath)
        try Self.approve(file, store)
        let shape = try Self.shape(file, dataRoot: file.dataDirectory.map { URL(fileURLWithPath: $0) } ?? dataRoot)
        var plan = try FederationPlan(
            name: file.name, seed: file.seed, settings: file.run, policy: file.policy, inputShape: shape.inputShape,
            classCount: shape.classCount, federation: try store.federation(or: file.newFederation))
        plan.rootKey = file.rootKey
        plan.turnTime = file.links.map {
            ClientLinks($0, clients: file.minimumClients, seed: file.seed).turnTime
        }
        let gate = RosterGate(try store.roster())
        channel = try RouterChannel(
            bind: file.bind, keys: CurveKeys(identity.transport),
            settings: TransportSettings(heartbeat: file.heartbeat),
            authorize: gate.admits)
        service = try CoordinatorService(
            plan: plan, store: store, identity: identity, gate: gate, channel: channel, test: shape.test,
            logger: logger, progress: progress)
    }

    /// Where clients connect, with the real port.
    public var endpoint: String { channel.boundEndpoint }

    /// Serves until the federation ends, then writes the model into the state directory.
    ///
    /// - Throws: `NodeError.incomplete` when it did not complete its rounds, unless it was told to stop.
    public func run() async throws -> FinishReport {
        progress(
            .listening(
                .init(
                    endpoint: endpoint, parameterCount: service.parameterCount, version: service.version,
                    spec: service.spec)))
        let report = try await service.node.run()
        try service.writeModel(into: URL(fileURLWithPath: file.stateDirectory))
        return report
    }

    /// Asks for a stop in good order.
    public func stop() async { await service.node.stop() }

    private static func approve(_ file: FederationFile, _ store: CoordinatorStore) throws {
        guard let path = file.approvedClientsFile else { return }
        let roster = try store.roster()
        try store.approve(try ApprovedClients.read(path).filter { roster.entry($0.transportKey) == nil })
    }

    private static func shape(
        _ file: FederationFile, dataRoot: URL?
    ) throws -> (inputShape: [Int], classCount: Int, test: TrainingSet?) {
        if let evaluation = file.evaluation {
            let test = try evaluation.loadTest(dataRoot: dataRoot, seed: Seed(file.seed))
            return (test.inputShape, test.classCount, try TrainingSet(test))
        }
        guard let inputShape = file.inputShape, let classCount = file.classCount else {
            throw NodeError.configuration(
                "give evaluation, or input_shape and classes: the model needs the shape of the data")
        }
        return (inputShape, classCount, nil)
    }
}

extension FederationFile {
    /// The SQLite file of the coordinator's state.
    public var storePath: String { stateDirectory + "/federation.sqlite" }
    /// The id of a federation that has none yet.
    public var newFederation: FederationID {
        federation ?? FederationID(unchecked: Entropy.bytes(FederationID.byteCount))
    }
}

extension CurveKeys {
    /// The CURVE keys of a node.
    init(_ keys: AgreementKeyPair) throws(TransportError) {
        try self.init(publicKey: keys.publicKey, secretKey: keys.secret.exposed())
    }
}

extension TransportSettings {
    /// The defaults with another heartbeat: a sign of life this often, gone after three that are missing.
    init(heartbeat: Duration) {
        self.init()
        heartbeatInterval = heartbeat
        heartbeatTimeout = heartbeat * 3
    }
}
