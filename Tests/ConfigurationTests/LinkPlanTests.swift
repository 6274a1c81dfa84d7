import Configuration
import Federation
import Testing

struct LinkPlanTests {
    private static func scenario(_ lines: String) throws -> Scenario {
        try Scenario(text: "name: s\ndataset: gestures\nclients: 4\nmodel: linear\nrounds: 1\n" + lines)
    }

    @Test func oneMappingIsForAllClients() throws {
        let arm = try #require(try Self.scenario("links: {up_kbit: 100, down_kbit: 200}").arms.first)
        #expect(arm.links == LinkPlan(kinds: [.init(upKilobitsPerSecond: 100, downKilobitsPerSecond: 200)]))
    }

    @Test func aListHasShares() throws {
        let text = """
            links:
              - {share: 0.25, up_kbit: 1, down_kbit: 2, latency_ms: 30, loss: 0.5}
              - {share: 0.75, up_kbit: 3, down_kbit: 4}
            """
        let kinds = try #require(try Self.scenario(text).arms.first?.links?.kinds)
        #expect(kinds.map(\.share) == [0.25, 0.75])
        #expect(kinds[0].latencyMilliseconds == 30)
        #expect(kinds[0].loss == 0.5)
    }

    @Test(arguments: [
        "{up_kbit: 0, down_kbit: 1}", "{up_kbit: 1}", "{up_kbit: 1, down_kbit: 1, loss: 0.6}", "[]", "fast",
        "{up_kbit: 1, down_kbit: 1, latency_ms: -1}", "[{share: 0.5, up_kbit: 1, down_kbit: 1}]",
        "{up_kbit: 1, down_kbit: 1, jitter: 1}",
    ])
    func refusesWhatIsNoLink(text: String) {
        #expect(throws: ConfigurationError.self) { try Self.scenario("links: " + text) }
    }

    @Test func textOfAnArmTellsSettingsApart() throws {
        let text = """
            links: {up_kbit: 100, down_kbit: 200, latency_ms: 5, loss: 0.01}
            stop_at_accuracy: 0.5
            arms:
              - {name: a, compression: {up: "auto:nmse=0.5", down: int8}}
            """
        let arm = try #require(try Self.scenario(text).arms.first)
        #expect(arm.run.stopAtAccuracy == 0.5)
        #expect(arm.policy.stopAtAccuracy == 0.5)
        let yaml = try arm.yaml()
        #expect(yaml.contains("auto:nmse=0.5"))
        #expect(yaml.contains("stop_at_accuracy"))
        var other = arm
        other.run.stopAtAccuracy = 0.6
        #expect(try other.yaml() != yaml)
    }
}
