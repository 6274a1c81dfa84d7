import Federation
import Messages
import Testing
import TestSupport

struct RestartTests {
    private static func simulation(
        up: String = "int8", down: Compression.Downlink = .int8, strategy: StrategySettings.Name = .fedAdam
    ) throws -> Simulation {
        let model = try LinearModel()
        var policy = Fixtures.policy(rounds: 3, clients: 3)
        policy.strategy = StrategySettings(name: strategy, learningRate: strategy == .fedAvg ? 1 : 0.05)
        let configuration = try Fixtures.configuration(model, policy: policy, up: up, down: down)
        return try Simulation(model, configuration, clients: 3)
    }

    @Test(arguments: [Compression.Downlink.int8, .coded("auto:nmse=0.2")])
    func coordinatorKilledBeforeAnyEffectReachesTheSameModel(down: Compression.Downlink) throws {
        var whole = try Self.simulation(down: down)
        try whole.run()
        let expected = try #require(whole.finish)
        #expect(whole.effectCount > 40)
        for effect in 0..<whole.effectCount {
            var simulation = try Self.simulation(down: down)
            simulation.crashBefore = effect
            try simulation.run()
            #expect(simulation.coordinatorLife == 1, "effect \(effect)")
            #expect(simulation.finish == expected, "effect \(effect)")
            #expect(simulation.records.map(\.version) == [1, 2, 3], "effect \(effect)")
            for client in simulation.clients { #expect(client.finish?.modelHash == expected.modelHash) }
        }
    }

    @Test(arguments: [Compression.Downlink.int8, .coded("auto:nmse=0.2")])
    func clientKilledBeforeAnyEffectComesBackAndIsCountedOnce(down: Compression.Downlink) throws {
        // Lossless updates, of which the reference knows what they must be.
        var whole = try Self.simulation(up: "float32", down: down, strategy: .fedAvg)
        try whole.run()
        for effect in 0..<whole.clientEffectCount {
            var simulation = try Self.simulation(up: "float32", down: down, strategy: .fedAvg)
            simulation.clientCrashBefore = effect
            // The others are slow enough for the killed one to come back within the round.
            simulation.trainingTime = .milliseconds(500)
            try simulation.run()
            #expect(simulation.finish?.outcome == .completed, "effect \(effect)")
            #expect(simulation.finish?.version == 3, "effect \(effect)")
            #expect(simulation.clients.reduce(0) { $0 + $1.life } == 1, "effect \(effect)")
            #expect(simulation.clients.allSatisfy { $0.finish != nil }, "effect \(effect)")
            try Reference(model: simulation.model, configuration: simulation.configuration)
                .check(simulation.records, seed: UInt64(effect))
        }
    }

    @Test func updatesAreNotTrainedAgainForARestartedCoordinator() throws {
        var simulation = try Self.simulation()
        simulation.reconnection = .milliseconds(1)
        try simulation.run(while: { $0.reports.isEmpty && $0.disk.attempt == nil })
        try simulation.run(while: { simulation in
            simulation.clients.contains { $0.stored.pending == nil }
        })
        try simulation.crashCoordinator()
        try simulation.run(while: { $0.records.isEmpty })
        #expect(simulation.clients.map(\.trainings) == [1, 1, 1])
        #expect(simulation.records.first?.report.attempt == 1)
    }

    @Test func finishedFederationSaysSoAfterARestart() throws {
        var simulation = try Self.simulation()
        try simulation.run(while: { $0.records.count < 3 })
        try simulation.crashCoordinator()
        try simulation.run()
        #expect(simulation.finish?.outcome == .completed)
        #expect(simulation.clients.allSatisfy { $0.finish?.version == 3 })
    }
}
