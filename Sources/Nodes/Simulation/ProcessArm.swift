import Configuration
import Encryption
import Federation
import Foundation
import Logging
import Messages

/// One arm as real processes over loopback: a coordinator, and the clients each in a process of their own or many in
/// each of a few workers.
struct ProcessArm: ArmRunning {
    let arm: ScenarioArm
    let folder: ArmFolder
    let dataRoot: URL?
    let programs: ProgramFolder
    let logger: Logger

    private static let heartbeat = Duration.seconds(30)

    func run(_ progress: @escaping @Sendable (CoordinatorProgress) -> Void) async throws {
        let identity = try prepare()
        let coordinator = try ChildProcess(
            executable: programs.program("swiftlet-coordinator"),
            arguments: [
                "serve", "--config", folder.coordinator.appendingPathComponent("federation.yaml").path, "--progress",
                "json", "--until-stdin-closes",
            ], log: coordinatorLog)
        var clients: [ChildProcess] = []
        defer { for process in clients + [coordinator] { process.kill() } }
        var completed = false
        for await line in coordinator.lines {
            guard let event = CoordinatorProgress(line: line) else { continue }
            if case .listening(let listening) = event {
                clients = try start(endpoint: listening.endpoint, coordinator: identity)
            }
            if case .finished(let finished) = event { completed = finished.completed }
            progress(event)
        }
        let status = await coordinator.exitStatus()
        guard completed, status == 0 else {
            throw NodeError.endedEarly(program: "swiftlet-coordinator", status: status, log: coordinatorLog.path)
        }
        try await settle(clients)
        try keepModel()
    }

    private var coordinatorLog: URL { folder.root.appendingPathComponent("coordinator.log") }
    private var clientLog: URL { folder.root.appendingPathComponent("clients.log") }

    /// Makes keys for everybody, the list of approved clients and the coordinator's configuration.
    private func prepare() throws -> NodeIdentity {
        let identity = NodeIdentity.generate(.coordinator)
        try identity.save(to: folder.coordinator.appendingPathComponent("coordinator.key").path)
        var approved: [(name: String, transportKey: PeerID)] = []
        for number in 0..<arm.clients {
            let keys = NodeIdentity.generate(.client)
            try ArmFolder.make(folder.client(number))
            try keys.save(to: folder.client(number).appendingPathComponent("client.key").path)
            approved.append((ArmFolder.name(number), PeerID(unchecked: keys.transport.publicKey)))
        }
        let list = folder.coordinator.appendingPathComponent("approved.txt")
        try ArmFolder.write(ApprovedClients.text(approved), to: list)
        var file = FederationFile(
            name: arm.name, seed: arm.seed, bind: "tcp://127.0.0.1:0", stateDirectory: folder.coordinator.path,
            approvedClientsFile: list.path, dataDirectory: dataRoot?.path, evaluation: arm.dataset, run: arm.run,
            minimumClients: arm.clients, enrolmentDeadline: .seconds(300), heartbeat: Self.heartbeat)
        file.finishGrace = .seconds(3)
        file.links = arm.links
        try file.write(to: folder.coordinator.appendingPathComponent("federation.yaml").path)
        return identity
    }

    private func start(endpoint: String, coordinator: NodeIdentity) throws -> [ChildProcess] {
        arm.mode == .workers
            ? try startWorkers(endpoint: endpoint, coordinator: coordinator)
            : try startClients(endpoint: endpoint, coordinator: coordinator)
    }

    private func startClients(endpoint: String, coordinator: NodeIdentity) throws -> [ChildProcess] {
        try (0..<arm.clients).map { number in
            let state = folder.client(number)
            let file = ClientFile(
                name: ArmFolder.name(number), endpoint: endpoint,
                coordinatorTransportKey: PeerID(unchecked: coordinator.transport.publicKey),
                coordinatorIdentity: PublicKeyBytes(unchecked: coordinator.signing.publicKey),
                stateDirectory: state.path, dataDirectory: dataRoot?.path,
                data: .share(
                    of: arm.dataset, partition: arm.partition, clients: arm.clients, client: number, seed: arm.seed),
                heartbeat: Self.heartbeat)
            let path = state.appendingPathComponent("client.yaml").path
            try file.write(to: path)
            return try ChildProcess(
                executable: programs.program("swiftlet-client"),
                arguments: ["run", "--config", path, "--quiet", "--until-stdin-closes"], log: clientLog)
        }
    }

    private func startWorkers(endpoint: String, coordinator: NodeIdentity) throws -> [ChildProcess] {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let count = min(arm.workers ?? cores, arm.clients)
        return try (0..<count).map { worker in
            // Neighbouring numbers go to different workers, so that a cohort keeps all of them busy.
            let plan = WorkerPlan(
                endpoint: endpoint, transportKey: PeerID(unchecked: coordinator.transport.publicKey).hex,
                identityKey: PublicKeyBytes(unchecked: coordinator.signing.publicKey).hex, dataset: arm.dataset,
                partition: arm.partition, seed: arm.seed, clientCount: arm.clients,
                clients: Array(stride(from: worker, to: arm.clients, by: count)), clientFolder: folder.clients.path,
                threads: max(1, cores / count), heartbeatSeconds: Self.heartbeat / .seconds(1))
            let file = folder.root.appendingPathComponent("worker-\(worker).json")
            try plan.write(to: file)
            var arguments = ["worker", "--plan", file.path]
            if let dataRoot { arguments += ["--data", dataRoot.path] }
            return try ChildProcess(
                executable: programs.program("swiftlet-simulate"), arguments: arguments, log: clientLog)
        }
    }

    /// Gives the clients a few seconds to end by themselves; they were told that the federation is complete.
    private func settle(_ clients: [ChildProcess]) async throws {
        let patience = Task {
            guard (try? await Task.sleep(for: .seconds(10))) != nil else { return }
            for client in clients { client.kill() }
        }
        defer { patience.cancel() }
        for client in clients {
            let status = await client.exitStatus()
            if status != 0 {
                logger.warning("a client ended with status \(status)", metadata: ["log": "\(clientLog.path)"])
            }
        }
    }

    private func keepModel() throws {
        for name in ["model.int8.safetensors", "model.fp32.safetensors"] {
            let source = folder.coordinator.appendingPathComponent(name)
            guard FileManager.default.fileExists(atPath: source.path) else { continue }
            try FileManager.default.moveItem(at: source, to: folder.root.appendingPathComponent(name))
        }
    }
}
