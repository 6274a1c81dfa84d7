import Configuration
import Foundation
import Messages
import Nodes
import Reporting
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ScenarioRunnerTests {
    @Test(arguments: ["linear", "cnn1d-gestures"]) func everyModeGivesTheSameModel(model: String) async throws {
        var federation = try SmallFederation()
        federation.model = model
        federation.rounds = 4
        let memory = try await federation.hash(mode: "memory")
        #expect(memory.count == 64)
        #expect(try await federation.hash(mode: "workers") == memory)
        #expect(try await federation.hash(mode: "processes") == memory)
    }

    @Test func anotherSeedGivesAnotherModel() async throws {
        var federation = try SmallFederation()
        federation.rounds = 2
        let hash = try await federation.hash(mode: "memory")
        #expect(try await federation.hash(mode: "memory") == hash)
        federation.seed += 1
        #expect(try await federation.hash(mode: "memory") != hash)
    }

    @Test(arguments: ["memory", "processes"]) func summaryHoldsEveryRoundOfEveryArm(mode: String) async throws {
        var federation = try SmallFederation()
        federation.rounds = 5
        let summary = try await federation.simulate(
            mode: mode, arms: ["a": "{up: float32, down: float32}", "b": "{up: int8, down: int8}"])
        let file = try Data(contentsOf: federation.folder.url.appendingPathComponent("summary.json"))
        #expect(try RunSummary(json: file) == summary)
        #expect(summary.arms.map(\.name) == ["a", "b"])
        #expect(summary.savings.map(\.arm) == ["b"])
        // The same in every mode: a run in memory counts the handshakes that TCP would take.
        let handshake = ConnectionCost.handshake.upByteCount + ConnectionCost.handshake.downByteCount
        for arm in summary.arms {
            #expect(arm.rounds == 5)
            #expect(arm.clients == 4)
            #expect(arm.finalAccuracy != nil)
            #expect(arm.int8Accuracy != nil)
            #expect(arm.peakRSSBytes > 1 << 20)
            #expect(arm.wallSeconds > 0)
            #expect(arm.roundsLog.map(\.round) == [1, 2, 3, 4, 5])
            #expect(arm.roundsLog.map { $0.accuracy != nil } == [false, false, true, false, true])
            #expect(arm.roundsLog.allSatisfy { $0.participants == 4 && $0.rejected == 0 && $0.upBytes > 0 })
            #expect(arm.wire.byKind.values.reduce(0, +) == arm.wire.upBytes + arm.wire.downBytes)
            #expect(arm.wire.upBytes >= arm.roundsLog.map(\.upBytes).reduce(0, +))
            #expect(arm.wire.downBytes >= arm.roundsLog.map(\.downBytes).reduce(0, +))
            #expect(arm.wire.handshakeBytes == handshake * federation.clients)
        }
        let csv = try String(contentsOf: federation.folder.url.appendingPathComponent("rounds.csv"), encoding: .utf8)
        #expect(csv == RoundsCSV.text(summary.arms))
        #expect(csv.split(separator: "\n").count == 11)
    }

    @Test func summaryFileHasEveryDocumentedKey() async throws {
        var federation = try SmallFederation()
        federation.rounds = 1
        _ = try await federation.simulate(
            mode: "memory", arms: ["a": "{up: float32, down: float32}", "b": "{up: int8, down: int8}"])
        let file = try Data(contentsOf: federation.folder.url.appendingPathComponent("summary.json"))
        let top = try #require(try JSONSerialization.jsonObject(with: file) as? [String: Any])
        #expect(Set(top.keys) == ["scenario", "seed", "target_accuracy", "arms", "savings"])
        let arm = try #require((top["arms"] as? [[String: Any]])?.first)
        #expect(
            Set(arm.keys) == [
                "name", "rounds", "clients", "parameters", "final_accuracy", "int8_accuracy", "model_hash", "epsilon",
                "wall_seconds", "peak_rss_bytes", "link_seconds", "configuration", "configuration_hash", "wire",
                "multicast_down_bytes",
                "devices", "rounds_log",
            ])
        let wire = try #require(arm["wire"] as? [String: Any])
        let multicast = try #require(arm["multicast_down_bytes"] as? Int)
        #expect(try multicast < #require(wire["down_bytes"] as? Int))
        #expect(Set(wire.keys) == ["up_bytes", "down_bytes", "handshake_bytes", "by_kind", "up_by_kind"])
        let round = try #require((arm["rounds_log"] as? [[String: Any]])?.first)
        #expect(
            Set(round.keys) == [
                "round", "accuracy", "int8_accuracy", "up_bytes", "down_bytes", "seconds", "participants", "rejected",
                "link_seconds", "devices", "epsilon", "multicast_down_bytes",
            ])
        let savings = try #require((top["savings"] as? [[String: Any]])?.first)
        #expect(Set(savings.keys) == ["arm", "vs", "target_accuracy", "up_x", "down_x", "total_x"])
    }
}

extension SmallFederation {
    /// Runs the federation as a scenario; results go into its folder.
    func simulate(mode: String, arms: [String: String]? = nil) async throws -> RunSummary {
        let runner = ScenarioRunner(
            scenario: try Scenario(text: scenario(mode: mode, arms: arms)), folder: folder.url, dataRoot: nil,
            programs: Programs.folder, style: TextStyle(isTerminal: false, environment: [:]),
            logger: Console.logger("tests"), show: { _ in })
        return try await runner.run()
    }

    /// The hash of the last model of an uninterrupted run.
    func hash(mode: String) async throws -> String {
        try #require(try await simulate(mode: mode).arms.first).modelHash
    }
}
