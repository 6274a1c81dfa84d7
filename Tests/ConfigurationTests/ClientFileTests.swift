import Configuration
import Datasets
import Messages
import Testing

struct ClientFileTests {
    private let key = String(repeating: "0a", count: 32)
    private var smallest: String {
        """
        name: c
        coordinator: {endpoint: "tcp://h:1", transport_key: \(key), identity_key: \(key)}
        state_directory: /s
        data: {dataset: gestures, clients: 4, client: 3}
        """
    }

    @Test func theShippedExampleIsValid() throws {
        let file = try ClientFile(path: RepositoryFiles.path("Deploy/examples/client.yaml"))
        #expect(file.name == "sensor-17" && file.endpoint == "tcp://coordinator.example:7700")
        guard case .own(let files) = file.data else {
            Issue.record("\(file.data)")
            return
        }
        #expect(files.kind == .npy && files.trainInputs == "windows.npy" && files.trainLabels == "labels.npy")
        #expect(file.dataDirectory == "/srv/sensor" && file.identityFile == "/var/lib/swiftlet-client/client.key")
    }

    @Test func leavesDocumentedDefaults() throws {
        let file = try ClientFile(text: smallest, file: "/etc/client.yaml")
        let bytes = [UInt8](repeating: 10, count: 32)
        #expect(
            file
                == ClientFile(
                    name: "c", endpoint: "tcp://h:1", coordinatorTransportKey: PeerID(unchecked: bytes),
                    coordinatorIdentity: PublicKeyBytes(unchecked: bytes), stateDirectory: "/s",
                    data: .share(
                        of: .gestures(GestureSettings()), partition: .iid, clients: 4, client: 3, seed: 1)))
        #expect(file.threads == 1 && file.heartbeat == .seconds(30) && file.deviceProfile == nil && file.rootKey == nil)
    }

    @Test func readsWhatItWrites() throws {
        var settings = GestureSettings()
        settings.noise = 1.5
        let own = FileDatasetSpec(
            kind: .csv, trainInputs: "a.csv", trainLabels: "-1", testInputs: "a.csv", testLabels: "-1", inputScale: 0.1,
            inputShift: -3, inputShape: [2, 4])
        let data: [ClientFile.Data] = [
            .own(own), .share(of: .named("mnist"), partition: .dirichlet(0.3), clients: 9, client: 0, seed: .max),
            .share(of: .gestures(settings), partition: .byClientID, clients: 1, client: 0, seed: 2),
            .share(of: .named("uci-har"), partition: .shards(3), clients: 21, client: 20, seed: 0),
        ]
        for data in data {
            let file = ClientFile(
                name: "n", endpoint: "ipc:///x", coordinatorTransportKey: PeerID(unchecked: Array(0..<32)),
                coordinatorIdentity: PublicKeyBytes(unchecked: Array(32..<64)),
                rootKey: PublicKeyBytes(unchecked: Array(64..<96)), stateDirectory: "/s",
                identityFile: "/k", dataDirectory: "/d", data: data, threads: 2, deviceProfile: "m4",
                heartbeat: .milliseconds(500))
            #expect(try ClientFile(text: file.yaml(), file: "/x/c.yaml") == file)
        }
    }

    static let cases: [(from: String, to: String, place: String, word: String)] = [
        ("client: 3", "client: 4", "c.yaml:4: data.client: ", "0 to 3"),
        ("clients: 4, ", "", "c.yaml:4: data: ", "needs the key 'clients'"),
        ("name: c", "nme: c", "c.yaml:1: ", "did you mean 'name'?"),
        ("tcp://h:1", "tcp://h:0", "c.yaml:2: coordinator.endpoint: ", "1 to 65535"),
        ("{dataset: gestures, clients: 4, client: 3}", "{kind: npy, inputs: a}", "c.yaml:4: data: ", "'labels'"),
        ("{dataset: gestures, clients: 4, client: 3}", "gestures", "c.yaml:4: data: ", "own files"),
        ("identity_key: 0a", "identity_key: xa", "c.yaml:2: coordinator.identity_key: ", "64 hexadecimal digits"),
        ("identity_key: 0a", "root_key: xa, identity_key: 0a", "c.yaml:2: coordinator.root_key: ", "64 hexadecimal"),
    ]

    @Test(arguments: cases.indices)
    func complaintsNameThePlace(index: Int) throws {
        let expected = Self.cases[index]
        let text = smallest.replacing(expected.from, with: expected.to)
        let error = try #require(throws: ConfigurationError.self) { try ClientFile(text: text, file: "c.yaml") }
        #expect("\(error)".hasPrefix(expected.place), "\(error)")
        #expect("\(error)".contains(expected.word), "\(error)")
    }
}
