import Federation
import Messages
import Privacy
import Tensors
import Testing

struct PrivateRoundTests {
    private static func settings(
        _ mechanism: PrivacySettings.Mechanism = .gaussian, epsilon: Double = 100, noise: Double = 1, clip: Double = 0.5
    ) throws -> PrivacySettings {
        PrivacySettings(
            mechanism: mechanism, clip: clip, noiseMultiplier: noise,
            budget: try PrivacyBudget(epsilon: epsilon, delta: 1e-5), accountant: .rdp)
    }

    private static func policy(
        _ privacy: PrivacySettings, rounds: Int = 3, clients: Int = 3, cohort: CohortSize = .all
    ) -> RoundPolicy {
        var policy = Fixtures.policy(rounds: rounds, clients: clients)
        policy.privacy = privacy
        policy.weighting = .uniform
        policy.cohort = cohort
        policy.evaluateEvery = 0
        return policy
    }

    private static func simulation(_ policy: RoundPolicy) throws -> Simulation {
        let model = try LinearModel()
        return try Simulation(
            model, try Fixtures.configuration(model, policy: policy), clients: policy.minimumClients)
    }

    private static func epsilon(_ mechanism: PrivacyMechanism, releases: Int) throws -> Double {
        try PrivacyPlan(mechanism: mechanism, rounds: releases, delta: 1e-5, accountant: .rdp).epsilon()
    }

    @Test func everyReleaseCarriesWhatIsSpentInAll() throws {
        var simulation = try Self.simulation(Self.policy(Self.settings()))
        try simulation.run()
        #expect(simulation.finish?.outcome == .completed)
        let mechanism = PrivacyMechanism.gaussian(noiseMultiplier: 1)
        for (index, record) in simulation.records.enumerated() {
            let release = try #require(record.report.privacy)
            #expect(release.key == ReleaseKey(round: index + 1) && release.mechanism == mechanism)
            let expected = try Self.epsilon(mechanism, releases: index + 1)
            #expect(abs(release.epsilon - expected) < 1e-9)
        }
    }

    @Test func stopsBeforeTheBudgetIsPassedAndTellsEverybody() throws {
        let mechanism = PrivacyMechanism.gaussian(noiseMultiplier: 1)
        let two = try Self.epsilon(mechanism, releases: 2)
        var simulation = try Self.simulation(Self.policy(Self.settings(epsilon: two + 1e-6), rounds: 9))
        try simulation.run()
        guard case .budgetSpent(let epsilon, let next)? = simulation.finish?.outcome else {
            Issue.record("\(String(describing: simulation.finish))")
            return
        }
        #expect(abs(epsilon - two) < 1e-9)
        #expect(abs(next - (try Self.epsilon(mechanism, releases: 3))) < 1e-9)
        #expect(simulation.finish?.version == 2)
        #expect(simulation.clients.allSatisfy { $0.finish?.version == 2 })
        // A restart does not forget.
        simulation.finish = nil
        for client in simulation.clients.indices {
            simulation.clients[client].finish = nil
            try simulation.crash(client: client)
        }
        try simulation.crashCoordinator()
        try simulation.run()
        #expect(simulation.finish?.version == 2 && simulation.disk.releases.count == 2)
    }

    @Test func coordinatorKilledBeforeAnyEffectNeitherForgetsNorCountsTwice() throws {
        let policy = Self.policy(try Self.settings())
        var whole = try Self.simulation(policy)
        try whole.run()
        let expected = try Self.epsilon(.gaussian(noiseMultiplier: 1), releases: 3)
        for effect in 0..<whole.effectCount {
            var simulation = try Self.simulation(policy)
            simulation.crashBefore = effect
            try simulation.run()
            #expect(simulation.finish?.outcome == .completed, "effect \(effect)")
            #expect(simulation.disk.releases.map(\.key.round) == [1, 2, 3], "effect \(effect)")
            let last = try #require(simulation.disk.releases.last)
            #expect(abs(last.epsilon - expected) < 1e-9, "effect \(effect)")
        }
    }

    @Test func roundRunAgainAfterItsReleaseIsAnotherRelease() throws {
        var simulation = try Self.simulation(Self.policy(Self.settings()))
        try simulation.run(while: { $0.records.count < 2 })
        // The newest version is damaged on the disk: the coordinator goes on from the one before.
        simulation.disk.record = simulation.records[0]
        try simulation.crashCoordinator()
        try simulation.run()
        let keys = simulation.disk.releases.map(\.key)
        #expect(Set(keys).count == 4 && keys.filter { $0.round == 2 }.count == 2)
        let expected = try Self.epsilon(.gaussian(noiseMultiplier: 1), releases: 4)
        #expect(abs((simulation.disk.releases.map(\.epsilon).max() ?? 0) - expected) < 1e-9)
    }

    @Test func influenceOfAnUpdateIsTheClipWhateverItsLength() throws {
        let policy = Self.policy(try Self.settings(epsilon: 1e9, noise: 0.01, clip: 0.25), rounds: 1, clients: 2)
        var bench = try Bench(LinearModel(), policy: policy)
        let clients = try (0..<2).map { try ScriptedClient($0) }
        for client in clients { bench.greet(client) }
        let announcement = try #require(try bench.announcement(to: clients[1]))
        let count = bench.model.layout.count
        for (client, value) in zip(clients, [500, 0] as [Float]) {
            let bytes = try bench.encode([Float](repeating: value, count: count))
            bench.receive(
                try client.update(bytes, for: announcement, parameterHash: bench.parameterHash)[0], from: client)
        }
        let record = try #require(bench.record)
        let moved = zip(record.master, bench.configuration.initialParameters).map { Double($0 - $1) }
        let norm = moved.reduce(0) { $0 + $1 * $1 }.squareRoot()
        // Half of the clip, as two updates are expected, and noise of a hundredth of it per value.
        #expect(abs(norm - 0.125) < 0.03)
    }

    @Test func updateThatIsNotFiniteIsRejectedBeforeItIsClipped() throws {
        let policy = Self.policy(try Self.settings(), rounds: 1, clients: 2)
        var bench = try Bench(LinearModel(), policy: policy)
        let clients = try (0..<2).map { try ScriptedClient($0) }
        for client in clients { bench.greet(client) }
        let announcement = try #require(try bench.announcement(to: clients[1]))
        var bytes = try bench.encode([Float](repeating: 1, count: bench.model.layout.count))
        bytes.replaceSubrange(bytes.count - 8..<bytes.count - 4, with: [0, 0, 0xc0, 0x7f])
        bench.receive(
            try clients[0].update(bytes, for: announcement, parameterHash: bench.parameterHash)[0], from: clients[0])
        #expect(try bench.outcome(to: clients[0]) != .accepted)
        #expect(bench.core.version == 0)
    }

    @Test func poissonSampleDoesNotFollowFromTheSeedThatClientsKnow() throws {
        func cohort(entropy: UInt64) throws -> [Int] {
            let policy = Self.policy(try Self.settings(), clients: 40, cohort: .poisson(0.5))
            let configuration = try Fixtures.configuration(LinearModel(), policy: policy)
            var core = try CoordinatorCore(
                configuration: configuration, state: CoordinatorState(roster: Fixtures.roster(40)),
                identity: Fixtures.identity(), entropy: Fixtures.entropy(entropy))
            _ = core.handle(.started, at: .zero)
            var asked: [Int] = []
            for number in 0..<40 {
                let client = try ScriptedClient(number)
                _ = core.handle(.connected(client.peer, wallSeconds: 0), at: .zero)
                for effect in core.handle(.received(client.peer, frames: client.hello()), at: .zero) {
                    guard case .send(let frames, let peer) = effect,
                        case .announcement = try FramedMessage<CoordinatorMessage>(frames: frames).message
                    else { continue }
                    asked.append(try #require(Fixtures.roster(40).entry(peer)).number)
                }
            }
            return asked
        }
        let first = try cohort(entropy: 1)
        #expect(try first == cohort(entropy: 1))
        #expect(try first != cohort(entropy: 2))
        #expect((8...32).contains(first.count))
    }

    @Test func aTreeIsPaidForWithItsFirstRound() throws {
        let settings = try Self.settings(.tree)
        var simulation = try Self.simulation(
            Self.policy(settings, rounds: 4, clients: 12, cohort: .dealt(rounds: 2)))
        try simulation.run()
        #expect(simulation.finish?.outcome == .completed)
        let mechanism = PrivacyMechanism.tree(noiseMultiplier: 1, leafCount: 2)
        let epsilons = simulation.disk.releases.map(\.epsilon)
        let (one, two) = (try Self.epsilon(mechanism, releases: 1), try Self.epsilon(mechanism, releases: 2))
        #expect(epsilons.count == 4)
        for (epsilon, expected) in zip(epsilons, [one, one, two, two]) { #expect(abs(epsilon - expected) < 1e-9) }
        // Nobody is asked twice within a deal.
        let cohorts = simulation.records.map { Set($0.report.cohort) }
        #expect(cohorts[0].isDisjoint(with: cohorts[1]) && cohorts[0].union(cohorts[1]).count == 12)
        #expect(cohorts[2].isDisjoint(with: cohorts[3]))
    }

    @Test func clipFollowsTheNorms() throws {
        var settings = try Self.settings(epsilon: 1e6, noise: 0.05, clip: 100)
        settings.adaptive = AdaptiveClip(quantile: 0.5, rate: 1, countDeviation: 0.1)
        var simulation = try Self.simulation(Self.policy(settings, rounds: 8, clients: 5))
        try simulation.run()
        let clips = simulation.disk.releases.map(\.clip)
        #expect(clips.first == 100 && (clips.last ?? 100) < 10)
        try simulation.crashCoordinator()
        #expect(simulation.disk.releases.last?.nextClip ?? 100 < 10)
    }

    @Test func settingsThatCannotRunAreRefused() throws {
        let broken: [(inout RoundPolicy) -> Void] = [
            { $0.weighting = .samples }, { $0.cohort = .count(2) }, { $0.cohort = .dealt(rounds: 2) },
            { $0.aggregation = AggregationSettings(rule: .median) }, { $0.privacy?.clip = 0 },
            { $0.privacy?.noiseMultiplier = .nan },
            { $0.privacy?.adaptive = AdaptiveClip(quantile: 0.5, countDeviation: 0.2) },
        ]
        for change in broken {
            var policy = Self.policy(try Self.settings())
            try policy.validate()
            change(&policy)
            #expect(throws: FederationError.self) { try policy.validate() }
        }
    }
}
