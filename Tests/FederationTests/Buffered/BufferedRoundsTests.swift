import Federation
import Messages
import Tensors
import Testing
import TestSupport

struct BufferedRoundsTests {
    /// Every third client is ten times as slow as the others.
    private static let turnTime: TurnTime = { client, down, up in
        (client % 3 == 0 ? 10 : 1) * (1 + Double(down + up) / 10_000) + Double(client) / 64
    }

    private static func simulation(
        up: String = "float32", down: Compression.Downlink = .int8, rounds: Int = 6, clients: Int = 9,
        cohort: CohortSize = .count(5), size: Int = 3, maximumStaleness: Int = 4, rows: Int = 4,
        isOrdered: Bool = true, faults: FaultyNetwork<Int>.Faults = .init(delay: .milliseconds(20)), seed: UInt64 = 1
    ) throws -> Simulation {
        let model = try LinearModel(rows: rows)
        var policy = Fixtures.policy(rounds: rounds, clients: clients)
        policy.cohort = cohort
        policy.buffered = BufferedRounds(size: size, maximumStaleness: maximumStaleness)
        let parameters = Fixtures.parameters(up: up, down: down)
        let configuration = try CoordinatorConfiguration(
            parameters: parameters, policy: policy, layout: model.layout,
            initialParameters: model.initial(seed: parameters.seed), turnTime: isOrdered ? Self.turnTime : nil)
        return try Simulation(model, configuration, clients: clients, faults: faults, seed: seed)
    }

    @Test(arguments: WholeFederationTests.arms)
    func givesOneHashForEveryOrderOfArrival(up: String, down: Compression.Downlink) throws {
        var first: Simulation?
        for seed in UInt64(1)...8 {
            var simulation = try Self.simulation(up: up, down: down, seed: seed)
            simulation.trainingTime = .milliseconds(Int(seed) * 40)
            try simulation.run()
            #expect(simulation.finish?.outcome == .completed)
            for client in simulation.clients { #expect(client.finish?.modelHash == simulation.finish?.modelHash) }
            let known = first ?? simulation
            #expect(simulation.finish?.modelHash == known.finish?.modelHash)
            #expect(simulation.reports.map(\.participants) == known.reports.map(\.participants))
            #expect(simulation.reports.map(\.staleness) == known.reports.map(\.staleness))
            first = known
        }
    }

    @Test(arguments: [(Compression.Downlink.float32, 4), (.int8, 4), (.int8, 6000)])
    func versionsAreWhatWasLateAndCountsLess(down: Compression.Downlink, rows: Int) throws {
        var simulation = try Self.simulation(down: down, rows: rows)
        try simulation.run()
        #expect(simulation.records.count == 6)
        let late = simulation.records.flatMap { $0.report.staleness ?? [] }
        #expect(late.contains { $0 > 0 })
        try BufferedReference(model: simulation.model, configuration: simulation.configuration)
            .check(simulation.records, "rows \(rows)")
    }

    @Test func takesLessTimeOnTheLinksThanRoundsThatWait() throws {
        var simulation = try Self.simulation()
        try simulation.run()
        // A slow client takes more than ten seconds, and one of any five is slow.
        let seconds = simulation.reports.compactMap(\.linkSeconds).reduce(0, +)
        #expect(seconds > 0)
        #expect(seconds < 6 * 10)
    }

    @Test func whatIsTooStaleIsAnsweredSoAndDoesNotCount() throws {
        var simulation = try Self.simulation(rounds: 12, maximumStaleness: 1)
        try simulation.run()
        #expect(simulation.finish?.outcome == .completed)
        let rejected = simulation.reports.reduce(0) { $0 + ($1.rejected[.tooStale] ?? 0) }
        #expect(rejected > 0)
        try BufferedReference(model: simulation.model, configuration: simulation.configuration)
            .check(simulation.records, "staleness 1")
    }

    @Test(arguments: [true, false]) func aCoordinatorKilledBeforeAnyEffectCountsNothingTwice(isOrdered: Bool) throws {
        var whole = try Self.simulation(rounds: 4, isOrdered: isOrdered)
        try whole.run()
        for effect in 0..<whole.effectCount {
            var simulation = try Self.simulation(rounds: 4, isOrdered: isOrdered)
            simulation.crashBefore = effect
            try simulation.run()
            #expect(simulation.coordinatorLife == 1, "effect \(effect)")
            #expect(simulation.finish?.outcome == .completed, "effect \(effect)")
            #expect(simulation.records.map(\.version) == [1, 2, 3, 4], "effect \(effect)")
            try BufferedReference(model: simulation.model, configuration: simulation.configuration)
                .check(simulation.records, "effect \(effect)")
        }
    }

    @Test func aClientKilledBeforeAnyEffectIsCountedOnce() throws {
        var whole = try Self.simulation(rounds: 4, isOrdered: false)
        try whole.run()
        for effect in 0..<whole.clientEffectCount {
            var simulation = try Self.simulation(rounds: 4, isOrdered: false)
            simulation.clientCrashBefore = effect
            try simulation.run()
            #expect(simulation.finish?.outcome == .completed, "effect \(effect)")
            try BufferedReference(model: simulation.model, configuration: simulation.configuration)
                .check(simulation.records, "effect \(effect)")
        }
    }

    @Test(arguments: UInt64(1)...6) func aFaultyNetworkChangesNoVersionIntoAWrongOne(seed: UInt64) throws {
        var simulation = try Self.simulation(
            cohort: .all, rows: seed < 3 ? 6000 : 4, isOrdered: seed % 2 == 0,
            faults: .init(dropped: 0.05, duplicated: 0.1, delay: .milliseconds(80), reorders: true), seed: seed
        )
        try simulation.run()
        #expect(simulation.finish?.outcome == .completed, "seed \(seed)")
        try BufferedReference(model: simulation.model, configuration: simulation.configuration)
            .check(simulation.records, "seed \(seed)")
    }

    @Test(arguments: [("masked", nil), ("int8", CohortSize.poisson(0.5)), ("int8", CohortSize.count(2))])
    func refusesWhatItCannotBeJoinedWith(up: String, cohort: CohortSize?) {
        #expect(throws: FederationError.self) {
            try Self.simulation(up: up, cohort: cohort ?? .count(5))
        }
    }
}
