import Federation
import Messages
import Tensors
import Testing

struct RoundFlowTests {
    private func bench(
        clients: Int = 3, _ change: (inout RoundPolicy) -> Void = { _ in }
    ) throws -> (Bench, [ScriptedClient]) {
        var policy = Fixtures.policy(rounds: 2, clients: clients)
        policy.evaluateEvery = 0
        change(&policy)
        var bench = try Bench(LinearModel(), policy: policy, clients: clients)
        let scripted = try (0..<clients).map { try ScriptedClient($0) }
        for client in scripted { bench.greet(client) }
        return (bench, scripted)
    }

    private func answer(
        _ bench: inout Bench, _ client: ScriptedClient, to announcement: CoordinatorMessage.RoundAnnouncement
    ) throws {
        let bytes = try bench.encode([Float](repeating: 0.125, count: bench.model.layout.count))
        bench.receive(
            try client.update(bytes, for: announcement, parameterHash: bench.parameterHash)[0], from: client)
    }

    private func decline(_ announcement: CoordinatorMessage.RoundAnnouncement) -> [[UInt8]] {
        FramedMessage<ClientMessage>(
            .decline(.init(session: session(announcement), reason: .busy))
        ).frames()
    }

    private func session(_ announcement: CoordinatorMessage.RoundAnnouncement) -> SessionID {
        SessionID(
            federation: Fixtures.federation, round: announcement.round, attempt: announcement.attempt,
            roundKey: announcement.roundKey)
    }

    @Test func waitsForEnoughClientsBeforeTheFirstRound() throws {
        var bench = try Bench(LinearModel(), policy: Fixtures.policy(rounds: 1, clients: 2))
        bench.greet(try ScriptedClient(0))
        #expect(bench.core.phase == .enrolling)
        bench.greet(try ScriptedClient(1))
        #expect(bench.core.phase == .collecting)
    }

    @Test func givesUpWhenTooFewComeInTime() throws {
        var policy = Fixtures.policy(rounds: 1, clients: 2)
        policy.enrolmentDeadline = .seconds(30)
        var bench = try Bench(LinearModel(), policy: policy)
        bench.handle(.tick, after: .seconds(30))
        guard case .finished(let report)? = bench.effects.last else {
            Issue.record("not finished")
            return
        }
        #expect(report.outcome == .tooFewClients(connected: 0, needed: 2))
    }

    @Test func roundBelowQuorumLeavesTheModelAloneAndIsBegunAgain() throws {
        var (bench, clients) = try bench { $0.quorum = .count(2) }
        let first = try #require(try bench.announcement(to: clients[2]))
        bench.handle(.tick, after: .seconds(60))
        let report = try #require(bench.report)
        #expect(report.outcome == .belowQuorum && report.missing == 3)
        #expect(bench.core.version == 0 && bench.core.master == bench.configuration.initialParameters)
        bench.handle(.tick, after: .seconds(1))
        let second = try #require(try bench.announcement(to: clients[2]))
        #expect(second.round == 1 && second.attempt == 1 && second.roundKey != first.roundKey)
        try answer(&bench, clients[2], to: first)
        #expect(try bench.outcome(to: clients[2]) == .late)
    }

    @Test func endsWithAnErrorAfterTheLastFailureAllowed() throws {
        var (bench, _) = try bench { $0.maximumFailures = 2 }
        for _ in 0..<2 {
            bench.handle(.tick, after: .seconds(60))
            #expect(bench.report?.outcome == .belowQuorum)
            if bench.core.phase == .pausing { bench.handle(.tick, after: .seconds(1)) }
        }
        #expect(bench.core.phase == .finished)
        guard case .finished(let report)? = bench.effects.last else {
            Issue.record("not finished")
            return
        }
        #expect(report.outcome == .tooManyFailures(round: 1))
    }

    @Test func aggregatesAtOnceWhenNobodyIsLeftToAnswer() throws {
        var (bench, clients) = try bench { $0.quorum = .count(1) }
        let announcement = try #require(try bench.announcement(to: clients[2]))
        bench.receive(decline(announcement), from: clients[0])
        bench.handle(.disconnected(clients[1].peer))
        try answer(&bench, clients[2], to: announcement)
        let report = try #require(bench.record?.report)
        #expect(report.participants == [2] && report.declined == ["busy": 1] && report.missing == 1)
    }

    @Test func failsAtOnceWhenTheQuorumIsOutOfReach() throws {
        var (bench, clients) = try bench { $0.quorum = .count(3) }
        let announcement = try #require(try bench.announcement(to: clients[2]))
        bench.receive(decline(announcement), from: clients[0])
        #expect(bench.report?.outcome == .belowQuorum)
    }

    @Test func waitsForClientsThatMayComeBackWhileBelowQuorum() throws {
        var (bench, clients) = try bench { $0.quorum = .count(2) }
        let announcement = try #require(try bench.announcement(to: clients[2]))
        try answer(&bench, clients[2], to: announcement)
        bench.handle(.disconnected(clients[0].peer))
        bench.handle(.disconnected(clients[1].peer))
        #expect(bench.core.phase == .collecting)
        bench.greet(clients[1])
        let again = try #require(try bench.announcement(to: clients[1]))
        #expect(again.roundKey == announcement.roundKey)
        try answer(&bench, clients[1], to: again)
        #expect(bench.record?.report.participants == [1, 2])
    }

    @Test func deadlineFollowsTheSpeedOfTheCohort() throws {
        var (bench, clients) = try bench { $0.deadlineFloor = .seconds(2) }
        #expect(try bench.announcement(to: clients[2])?.deadline == .seconds(60))
        let announcement = try #require(try bench.announcement(to: clients[2]))
        for (client, seconds) in zip(clients, [1.0, 1.5, 0]) {
            bench.now += .seconds(seconds)
            try answer(&bench, client, to: announcement)
        }
        // The slowest took 2.5 s; the factor is 4.
        #expect(try bench.announcement(to: clients[2])?.deadline == .seconds(10))
    }

    @Test func clockThatStepsBackDoesNoHarm() throws {
        var (bench, clients) = try bench()
        let announcement = try #require(try bench.announcement(to: clients[2]))
        bench.now = .seconds(-86_400)
        for client in clients { try answer(&bench, client, to: announcement) }
        #expect(bench.record?.report.seconds == 0)
    }

    @Test func publishesWithoutAnEvaluationThatDoesNotCome() throws {
        var (bench, clients) = try bench { $0.evaluateEvery = 1 }
        let announcement = try #require(try bench.announcement(to: clients[2]))
        for client in clients { try answer(&bench, client, to: announcement) }
        #expect(bench.core.phase == .evaluating && bench.core.version == 0)
        bench.handle(.evaluated(version: 7, Evaluation(accuracy: 1, int8Accuracy: 1, loss: 0)))
        #expect(bench.core.version == 0)
        bench.handle(.tick, after: .seconds(600))
        #expect(bench.core.version == 1 && bench.record?.report.evaluation == nil)
    }

    @Test func masterThatCannotBeQuantizedIsNotPublished() throws {
        var (bench, clients) = try bench { $0.strategy.learningRate = .greatestFiniteMagnitude }
        let announcement = try #require(try bench.announcement(to: clients[2]))
        let bytes = try bench.encode([Float](repeating: 1000, count: bench.model.layout.count))
        for client in clients {
            bench.receive(
                try client.update(bytes, for: announcement, parameterHash: bench.parameterHash)[0], from: client)
        }
        #expect(bench.report?.outcome == .belowQuorum && bench.core.version == 0)
    }

    @Test func stopsAtOnceAndDoesNothingAfter() throws {
        var (bench, clients) = try bench()
        bench.handle(.stop)
        guard case .finished(let report)? = bench.effects.last else {
            Issue.record("not finished")
            return
        }
        #expect(report.outcome == .stopped && report.version == 0)
        bench.greet(clients[0])
        #expect(bench.effects.isEmpty)
    }

    @Test func clientThatAsksForTheModelGetsItWholeAndNotForEver() throws {
        var policy = Fixtures.policy(rounds: 1, clients: 1)
        policy.quorum = .count(1)
        var bench = try Bench(LinearModel(), policy: policy, down: .int8, clients: 1)
        let client = try ScriptedClient(0)
        bench.greet(client)
        let announcement = try #require(try bench.announcement(to: client))
        #expect(announcement.baseVersion == 0 && announcement.byteCount == 0)
        let request = FramedMessage<ClientMessage>(
            .modelRequest(.init(session: session(announcement), heldVersion: nil)))
        for _ in 0..<3 {
            bench.receive(request.frames(), from: client)
            let whole = try #require(try bench.announcement(to: client))
            #expect(whole.baseVersion == nil && whole.byteCount > 0)
            #expect(session(whole) == session(announcement))
        }
        bench.receive(request.frames(), from: client)
        #expect(bench.effects.isEmpty)
    }
}
