import Federation
import Messages
import Tensors
import Testing

struct RobustRoundTests {
    private static func bench(
        clients: Int = 5, rounds: Int = 1, _ change: (inout RoundPolicy) -> Void
    ) throws -> (Bench, [ScriptedClient]) {
        var policy = Fixtures.policy(rounds: rounds, clients: clients)
        policy.evaluateEvery = 0
        change(&policy)
        var bench = try Bench(LinearModel(), policy: policy, clients: clients)
        let scripted = try (0..<clients).map { try ScriptedClient($0) }
        for client in scripted { bench.greet(client) }
        return (bench, scripted)
    }

    private static func answer(_ bench: inout Bench, _ clients: [ScriptedClient], _ values: [Float]) throws {
        let announcement = try #require(try bench.announcement(to: clients[clients.count - 1]))
        for (client, value) in zip(clients, values) {
            let bytes = try bench.encode([Float](repeating: value, count: bench.model.layout.count))
            bench.receive(
                try client.update(bytes, for: announcement, parameterHash: bench.parameterHash)[0], from: client)
        }
    }

    private static func moved(_ bench: Bench) throws -> Float {
        let record = try #require(bench.record)
        return record.master[0] - bench.configuration.initialParameters[0]
    }

    @Test(arguments: AggregationSettings.Rule.allCases.filter { $0 != .mean })
    func oneHostileUpdateOfFiveDoesLittle(_ rule: AggregationSettings.Rule) throws {
        var (bench, clients) = try Self.bench {
            $0.aggregation = AggregationSettings(rule: rule, norm: 1, hostileFraction: 0.2)
        }
        try Self.answer(&bench, clients, [0.25, 0.25, 0.25, 0.25, 900])
        #expect(abs(try Self.moved(bench)) <= 0.2501 + (rule == .normBound ? 0.05 : 0))
    }

    @Test func withTheMeanOneHostileUpdateIsEnough() throws {
        var (bench, clients) = try Self.bench { _ in }
        try Self.answer(&bench, clients, [0.25, 0.25, 0.25, 0.25, 900])
        #expect(try Self.moved(bench) > 100)
    }

    @Test func orderOfArrivalDoesNotMatter() throws {
        func master(_ order: [Int]) throws -> [Float] {
            var (bench, clients) = try Self.bench { $0.aggregation = AggregationSettings(rule: .multiKrum) }
            let values: [Float] = [0.1, 0.3, 0.2, 0.4, 0.25]
            let announcement = try #require(try bench.announcement(to: clients[4]))
            for number in order {
                let bytes = try bench.encode([Float](repeating: values[number], count: bench.model.layout.count))
                bench.receive(
                    try clients[number].update(bytes, for: announcement, parameterHash: bench.parameterHash)[0],
                    from: clients[number])
            }
            return try #require(bench.record).master
        }
        #expect(try master([0, 1, 2, 3, 4]) == master([3, 1, 4, 0, 2]))
    }

    @Test func cohortThatWouldNotFitTheMemoryEndsTheFederation() throws {
        let (bench, _) = try Self.bench {
            $0.aggregation = AggregationSettings(rule: .median, maximumValueCount: 4 * 20)
        }
        guard
            case .finished(let report)? = bench.effects.last(where: { if case .finished = $0 { true } else { false } })
        else {
            Issue.record("not finished")
            return
        }
        #expect(report.outcome == .cohortTooLarge(clients: 5, allowed: 4))
    }

    @Test func tooFewUpdatesForTheRuleLeaveTheModelAlone() throws {
        var (bench, clients) = try Self.bench(clients: 4) {
            $0.aggregation = AggregationSettings(rule: .krum, hostileFraction: 0.2)
        }
        try Self.answer(&bench, clients, [0.25, 0.25, 0.25, 0.25])
        #expect(bench.report?.outcome == .belowQuorum && bench.core.version == 0)
    }

    @Test func versionThatFailsTheTestIsRolledBack() throws {
        var (bench, clients) = try Self.bench(rounds: 2) {
            $0.evaluateEvery = 1
            $0.acceptance = AcceptanceSettings(maximumDrop: 0.1)
        }
        try Self.answer(&bench, clients, [0.25, 0.25, 0.25, 0.25, 0.25])
        bench.handle(.evaluated(version: 1, Evaluation(accuracy: 0.9, int8Accuracy: 0.9, loss: 0.3)))
        #expect(bench.core.version == 1)
        let good = bench.core.master
        try Self.answer(&bench, clients, [9, 9, 9, 9, 9])
        bench.handle(.evaluated(version: 2, Evaluation(accuracy: 0.1, int8Accuracy: 0.1, loss: 9)))
        #expect(bench.report?.outcome == .rejected && bench.report?.version == 1)
        #expect(bench.core.version == 1 && bench.core.master == good && bench.record == nil)
        // The round is begun again.
        bench.handle(.tick, after: .seconds(1))
        #expect(try bench.announcement(to: clients[0])?.attempt == 1)
    }

    @Test func versionThatCannotBeMeasuredIsRefused() {
        let settings = AcceptanceSettings(maximumDrop: 1)
        #expect(!settings.accepts(Evaluation(accuracy: 0.5, int8Accuracy: 0.5, loss: .nan), after: nil))
        #expect(settings.accepts(Evaluation(accuracy: 0, int8Accuracy: 0, loss: 1), after: nil))
    }
}
