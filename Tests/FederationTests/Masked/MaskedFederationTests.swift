import Federation
import Messages
import Tensors
import Testing
import TestSupport

struct MaskedFederationTests {
    private static let lane = "masked:rank=2,bits=8"

    private static func simulation(
        up: String = lane, clients: Int = 5, quorum: Quorum = .count(3), rounds: Int = 3, maximumFailures: Int = 50,
        seed: UInt64 = 1, faults: FaultyNetwork<Int>.Faults = .init(delay: .milliseconds(20))
    ) throws -> Simulation {
        let model = try LinearModel()
        let policy = RoundPolicy(
            rounds: rounds, minimumClients: clients, quorum: quorum, deadlineFloor: .seconds(5),
            deadlineCeiling: .seconds(20), maximumFailures: maximumFailures, retryPause: .seconds(1))
        let configuration = try Fixtures.configuration(model, policy: policy, up: up)
        return try Simulation(model, configuration, clients: clients, faults: faults, seed: seed)
    }

    @Test(arguments: [
        "masked:rank=2,bits=8", "masked:support=random,keep=0.5,bits=4", "masked:support=importance,keep=0.5,bits=2",
        "masked:support=rotated,keep=1,bits=4",
    ])
    func givesOneHashForEveryOrderOfArrival(up: String) throws {
        var hashes: Set<Digest> = []
        for seed in UInt64(1)...4 {
            var simulation = try Self.simulation(up: up, quorum: .count(5), seed: seed)
            try simulation.run()
            let finish = try #require(simulation.finish)
            #expect(finish.outcome == .completed)
            #expect(simulation.reports.allSatisfy { $0.participants.count == 5 && $0.attempt == 0 })
            hashes.insert(finish.modelHash)
        }
        #expect(hashes.count == 1)
    }

    /// The sum of masked updates moves the model as the mean of visible ones does, but for the grid.
    @Test func modelGoesWhereVisibleUpdatesTakeIt() throws {
        var masked = try Self.simulation(up: "masked:rank=16,bits=8,reach=8", rounds: 12)
        try masked.run()
        var visible = try Self.simulation(up: "float32", rounds: 12)
        try visible.run()
        let distance = zip(masked.coordinator.master, visible.coordinator.master).map { abs($0 - $1) }.max()
        #expect(try #require(distance) < 0.1)
    }

    @Test func clientThatDiesAtAnyEffectDoesNotStopTheRounds() throws {
        var whole = try Self.simulation()
        try whole.run()
        #expect(whole.clientEffectCount > 150)
        for effect in 0..<whole.clientEffectCount {
            var simulation = try Self.simulation()
            simulation.clientCrashBefore = effect
            try simulation.run()
            #expect(simulation.finish?.outcome == .completed, "effect \(effect)")
            Self.check(simulation)
        }
    }

    @Test func coordinatorThatDiesAtAnyEffectGoesOn() throws {
        var whole = try Self.simulation()
        try whole.run()
        #expect(whole.effectCount > 100)
        for effect in 0..<whole.effectCount {
            var simulation = try Self.simulation()
            simulation.crashBefore = effect
            try simulation.run()
            #expect(simulation.finish?.outcome == .completed, "effect \(effect)")
            Self.check(simulation)
        }
    }

    @Test(arguments: 0..<6) func roundsEndUnderRandomFaults(block: Int) throws {
        for seed in (5 * block)..<(5 * block + 5) {
            var random = SeededRandom(Seed(UInt64(seed)).derived("masked faults"))
            let faults = FaultyNetwork<Int>.Faults(
                dropped: 0.05 * random.unitDouble(), duplicated: 0.2 * random.unitDouble(),
                delay: .milliseconds(1 + random.below(300)), reorders: random.below(2) == 0)
            var simulation = try Self.simulation(maximumFailures: 1000, seed: UInt64(seed), faults: faults)
            for _ in 0..<12 {
                try simulation.advance(to: simulation.now + .milliseconds(random.below(3000)))
                let client = random.below(5)
                switch random.below(4) {
                case 0: try simulation.crash(client: client)
                case 1: try simulation.disconnect(client)
                case 2: try simulation.crashCoordinator()
                default: simulation.crashBefore = simulation.effectCount + random.below(20)
                }
            }
            simulation.network.faults = .init()
            try simulation.run(until: simulation.now + .seconds(3600))
            #expect(simulation.finish?.outcome == .completed, "seed \(seed)")
            Self.check(simulation)
        }
    }

    /// Four of five are needed: with two gone nothing is unmasked, and the model stays what it is.
    @Test func nothingIsUnmaskedBelowTheThreshold() throws {
        var simulation = try Self.simulation(quorum: .count(1))
        try simulation.run(while: { $0.coordinator.readyClientCount < 5 })
        try simulation.advance(to: simulation.now + .milliseconds(100))
        let before = simulation.coordinator.modelHash
        for client in 0..<2 {
            simulation.network.cut(client)
            try simulation.disconnect(client)
        }
        try simulation.run(while: { $0.reports.isEmpty })
        #expect(simulation.reports.first?.outcome == .belowQuorum)
        #expect(simulation.coordinator.modelHash == before)
    }

    private static func check(_ simulation: Simulation) {
        let published = simulation.reports.filter { $0.outcome == .published }
        #expect(zip(published, published.dropFirst()).allSatisfy { $0.version < $1.version })
        // Of five clients four shares make a secret.
        #expect(published.allSatisfy { $0.participants.count >= 3 })
        for client in simulation.clients { #expect(client.finish?.modelHash == simulation.finish?.modelHash) }
    }
}
