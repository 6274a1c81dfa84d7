import Foundation
import Nodes
import TestSupport
import Testing

/// What scripts and service managers rely on.
@Suite(.timeLimit(.minutes(1))) struct ExitCodeTests {
    @Test func stopSignalsEndBothSidesInGoodOrder() async throws {
        var federation = try SmallFederation()
        federation.clients = 1
        federation.rounds = 1_000_000
        try federation.prepare()
        let coordinator = try federation.startCoordinator()
        defer { coordinator.kill() }
        let client = try federation.startClient(0)
        defer { client.kill() }
        #expect(await client.line(beginning: "round 1: accepted") != nil)
        client.terminate()
        #expect(await client.ending() == 0)
        coordinator.terminate()
        #expect(await coordinator.ending() == 75)
    }

    @Test(arguments: ["swiftlet-coordinator serve", "swiftlet-client run", "swiftlet-simulate run"])
    func wrongConfigurationNamesFileAndLine(command: String) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("name: small\n\nrouns: 3\n".utf8, to: "wrong.yaml")
        let words = command.split(separator: " ").map(String.init)
        let place = words[0] == "swiftlet-simulate" ? [file, "--out", folder.path("out")] : ["--config", file]
        let ending = try await Programs.run(words[0], [words[1]] + place)
        #expect(ending.status == 78)
        #expect(ending.errors.contains("\(file):3: "))
        #expect(ending.errors.contains("rouns"))
    }

    @Test func missingDataSetNamesTheFolder() async throws {
        let folder = try TemporaryFolder()
        let scenario = try folder.write(
            "name: digits\ndataset: mnist\nclients: 2\nmodel: linear\nrounds: 1\nmode: memory\n".utf8, to: "mnist.yaml")
        let arguments = ["run", scenario, "--out", folder.path("out")]
        let empty = folder.path("empty")
        let missing = try await Programs.run("swiftlet-simulate", arguments + ["--data", empty])
        #expect(missing.status == 1)
        #expect(missing.errors.contains(empty))
        #expect(missing.errors.contains("SWIFTLET_DATA"))
        let unset = try await Programs.run("swiftlet-simulate", arguments, without: "SWIFTLET_DATA")
        #expect(unset.status == 1)
        #expect(unset.errors.contains("mnist"))
        #expect(unset.errors.contains("SWIFTLET_DATA"))
    }

    @Test func simulationShowsATableAndEndsWithZero() async throws {
        var federation = try SmallFederation()
        federation.rounds = 2
        let scenario = try federation.folder.write(federation.scenario(mode: "processes").utf8, to: "small.yaml")
        let ending = try await Programs.run(
            "swiftlet-simulate",
            ["run", scenario, "--out", federation.folder.path("out"), "--mode", "memory", "--rounds", "3"])
        #expect(ending.status == 0)
        #expect(ending.errors == "")
        #expect(ending.output.contains { $0.contains("only") })
        for name in ["summary.json", "rounds.csv", "only/model.int8.safetensors", "only/model.fp32.safetensors"] {
            #expect(FileManager.default.fileExists(atPath: federation.folder.path("out/" + name)))
        }
    }
}
