import Encryption
import Foundation
import Messages
import Nodes
import TestSupport
import Testing

/// A federation of a few generated wearables on this machine: its files, and a start for each of its programs.
struct SmallFederation {
    static let dataset =
        "{kind: gestures, minimum_windows: 20, maximum_windows: 30, test_clients: 2, test_windows: 12}"

    var clients = 4
    /// How many of the clients, from the first on, are admitted and needed; nil: all.
    var approved: Int?
    /// Updates that a round needs; nil: one of every client.
    var quorum: Int?
    /// Longest time of a round, in seconds.
    var deadline = 60
    var rounds = 12
    var epochs = 4
    var seed = 5
    var model = "linear"
    var compression = "{up: int8, down: int8}"
    let port: UInt16
    let folder: TemporaryFolder
    let coordinator = NodeIdentity.generate(.coordinator)

    init() throws {
        folder = try TemporaryFolder()
        port = try #require(FreePort.find())
    }

    /// What is trained and how, as lines of a scenario or a federation file.
    ///
    /// Every round needs every client unless a test says otherwise, so that nothing depends on who is how fast.
    var settings: String {
        """
        model: \(model)
        rounds: \(rounds)
        evaluate_every: 3
        quorum: \(quorum ?? approved ?? clients)
        deadline_seconds: \(deadline)
        local: {epochs: \(epochs), batch_size: 8, learning_rate: 0.02, momentum: 0.9}
        """
    }

    /// The same federation as a scenario with one arm.
    func scenario(mode: String, arms: [String: String]? = nil) -> String {
        let arms = arms ?? ["only": compression]
        let list = arms.sorted { $0.key < $1.key }.map { "  - {name: \($0.key), compression: \($0.value)}" }
        return """
            name: small
            seed: \(seed)
            mode: \(mode)
            workers: 2
            dataset: \(Self.dataset)
            partition: by-client-id
            clients: \(clients)
            target_accuracy: 0.05
            \(settings)
            arms:
            \(list.joined(separator: "\n"))
            """
    }

    /// Writes keys and configurations of everybody.
    func prepare() throws {
        try FileManager.default.createDirectory(atPath: folder.path("coordinator"), withIntermediateDirectories: true)
        try coordinator.save(to: folder.path("coordinator/coordinator.key"))
        var list = ""
        for number in 0..<clients {
            let keys = NodeIdentity.generate(.client)
            let state = "client-\(number)"
            try FileManager.default.createDirectory(atPath: folder.path(state), withIntermediateDirectories: true)
            try keys.save(to: folder.path(state + "/client.key"))
            if number < approved ?? clients {
                list += "\(state) \(PeerID(unchecked: keys.transport.publicKey).hex)\n"
            }
            try folder.write(clientFile(number, port: port).utf8, to: state + ".yaml")
        }
        try folder.write(list.utf8, to: "approved.txt")
        try folder.write(federationText.utf8, to: "federation.yaml")
    }

    private var federationText: String {
        """
        name: small
        seed: \(seed)
        bind: tcp://127.0.0.1:\(port)
        state_directory: coordinator
        approved_clients: approved.txt
        evaluation: \(Self.dataset)
        minimum_clients: \(approved ?? clients)
        enrolment_deadline_seconds: 50
        finish_grace_seconds: 20
        compression: \(compression)
        \(settings)
        """
    }

    /// The configuration of one client that finds the coordinator at a port of this machine.
    func clientFile(_ number: Int, port: UInt16) -> String {
        """
        name: client-\(number)
        coordinator:
          endpoint: tcp://127.0.0.1:\(port)
          transport_key: \(PeerID(unchecked: coordinator.transport.publicKey).hex)
          identity_key: \(PublicKeyBytes(unchecked: coordinator.signing.publicKey).hex)
        state_directory: client-\(number)
        data: {dataset: \(Self.dataset), partition: by-client-id, clients: \(clients), client: \(number), seed: \(seed)}
        """
    }

    var federationFile: String { folder.path("federation.yaml") }

    func startCoordinator() throws -> ChildProcess {
        try Programs.start(
            "swiftlet-coordinator",
            ["serve", "--config", federationFile, "--progress", "json", "--until-stdin-closes"],
            log: folder.url.appendingPathComponent("coordinator.log"))
    }

    func startClient(_ number: Int) throws -> ChildProcess {
        try Programs.start(
            "swiftlet-client", ["run", "--config", folder.path("client-\(number).yaml"), "--until-stdin-closes"],
            log: log(client: number))
    }

    func log(client number: Int) -> URL { folder.url.appendingPathComponent("client-\(number).log") }
}
