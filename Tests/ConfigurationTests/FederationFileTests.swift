import Configuration
import Datasets
import Federation
import Foundation
import Messages
import Testing
import Training

struct FederationFileTests {
    private let smallest = """
        name: f
        bind: tcp://127.0.0.1:0
        state_directory: state
        model: linear
        rounds: 3
        input_shape: [3, 64]
        classes: 6
        """

    @Test func theShippedExampleIsValid() throws {
        let file = try FederationFile(path: RepositoryFiles.path("Deploy/examples/federation.yaml"))
        #expect(file.bind == "tcp://0.0.0.0:7700" && file.stateDirectory == "/var/lib/swiftlet-coordinator")
        #expect(file.identityFile == "/var/lib/swiftlet-coordinator/coordinator.key")
        #expect(file.evaluation == .gestures(GestureSettings()))
        #expect(file.run.cohort == .count(20) && file.run.clipNorm == 10 && file.policy.minimumClients == 5)
        try file.policy.validate()
    }

    @Test func leavesDocumentedDefaults() throws {
        let file = try FederationFile(text: smallest, file: "/etc/f/federation.yaml")
        #expect(
            file
                == FederationFile(
                    name: "f", bind: "tcp://127.0.0.1:0", stateDirectory: "/etc/f/state", inputShape: [3, 64],
                    classCount: 6, run: RunSettings(model: .builtIn("linear"), rounds: 3)))
        #expect(file.identityFile == "/etc/f/state/coordinator.key")
        #expect(file.policy.enrolmentDeadline == nil && file.heartbeat == .seconds(30))
    }

    @Test func readsWhatItWrites() throws {
        let run = RunSettings(
            model: .layers([.flatten, .dense(out: 6)]), rounds: 7, cohort: .count(4), evaluateEvery: 3,
            quorum: .count(2), deadline: .milliseconds(1500),
            local: LocalPlan(epochs: 3, learningRate: 0.1, momentum: 0.3, weightDecay: 1e-7, optimizer: .adam),
            server: StrategySettings(name: .fedAdam, learningRate: 0.015625, tau: 1e-5),
            compression: Compression(up: "float32", down: .int8), clipNorm: 0.7)
        for name in ["plain", "with: colon", "123", "true", "~", "# no comment", "quote\"'s", "ünï → 日本"] {
            let file = FederationFile(
                name: name, federation: FederationID(unchecked: Array(0..<16)), seed: .max, bind: "ipc:///tmp/x y",
                stateDirectory: "/s/1", identityFile: "/k",
                rootKey: PublicKeyBytes(unchecked: Array(32..<64)), approvedClientsFile: "/a", dataDirectory: "/d",
                evaluation: .files(
                    FileDatasetSpec(
                        kind: .csv, trainInputs: "a.csv", trainLabels: "0", testInputs: "b.csv", testLabels: "label")),
                inputShape: [1], classCount: 2, run: run, minimumClients: 3, enrolmentDeadline: .seconds(9),
                heartbeat: .seconds(2.5), finishGrace: .seconds(1))
            #expect(try FederationFile(text: file.yaml(), file: "/elsewhere/f.yaml") == file)
        }
        let plain = try FederationFile(text: smallest, file: "/f.yaml")
        #expect(try FederationFile(text: plain.yaml(), file: "/f.yaml") == plain)
    }

    @Test func writesAFile() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try FederationFile(text: smallest, file: "/f.yaml")
        try file.write(to: path)
        #expect(try FederationFile(path: path) == file)
        #expect(throws: ConfigurationError.self) { try file.write(to: "/nonexistent/f.yaml") }
    }

    @Test(arguments: [
        "tcp://", "tcp://host", "tcp://host:", "tcp://:80", "tcp://host:70000", "udp://a:1", "inproc://x", "ipc://",
    ])
    func onlyTcpAndIpcEndpointsAreAccepted(endpoint: String) throws {
        let text = smallest.replacing("tcp://127.0.0.1:0", with: "'\(endpoint)'")
        let error = try #require(throws: ConfigurationError.self) { try FederationFile(text: text, file: "f.yaml") }
        #expect("\(error)".hasPrefix("f.yaml:2: bind: "))
    }

    @Test(arguments: ["input_shape: [3, 64]\n", "classes: 6"])
    func theSizeOfTheModelMustBeKnown(line: String) throws {
        let text = smallest.replacing(line, with: "")
        let error = try #require(throws: ConfigurationError.self) { try FederationFile(text: text, file: "f.yaml") }
        #expect("\(error)".contains("evaluation"))
    }
}
