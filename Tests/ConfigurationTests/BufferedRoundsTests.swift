import Configuration
import Federation
import Testing

struct BufferedRoundsTests {
    private static func scenario(
        _ buffered: String, cohort: String = "20", links: String = "links: {up_kbit: 50, down_kbit: 50}",
        compression: String = "auto", privacy: String = "none"
    ) -> String {
        """
        name: test
        dataset: mnist
        clients: 100
        cohort: \(cohort)
        model: linear
        rounds: 3
        \(links)
        arms:
          - name: one
            compression: \(compression)
            privacy: \(privacy)
        buffered: \(buffered)
        """
    }

    @Test func readsAndWritesTheSettings() throws {
        let scenario = try Scenario(text: Self.scenario("{size: 5}"))
        #expect(scenario.arms[0].run.buffered == BufferedRounds(size: 5, maximumStaleness: 10))
        #expect(scenario.arms[0].policy.buffered == BufferedRounds(size: 5, maximumStaleness: 10))
        #expect(try scenario.arms[0].yaml().contains("buffered:\n  size: 5\n  maximum_staleness: 10"))
    }

    @Test(arguments: [
        (scenario("{size: 21}"), "allowed is the cohort or less"), (scenario("{size: 0}"), "size"),
        (scenario("{size: 5}", links: ""), "needs 'links'"),
        (scenario("{size: 5}", cohort: "{poisson: 0.1}"), "a count, or all"),
        (scenario("{size: 5}", compression: "{up: \"masked:rank=12,left=2,bits=3\", down: int8}"), "masked"),
        (
            scenario(
                "{size: 5}", cohort: "all",
                privacy: "{mechanism: gaussian, clip: 0.5, noise_multiplier: 1, epsilon: 20, delta: 1e-2}"),
            "differential privacy"
        ),
    ])
    func saysWhatBufferedRoundsCannotBeJoinedWith(text: String, reason: String) {
        do {
            _ = try Scenario(text: text)
            Issue.record("the scenario was accepted")
        } catch { #expect("\(error)".contains(reason), "\(error)") }
    }
}
