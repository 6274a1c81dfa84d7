import Federation
import Messages
import Tensors
import Testing
import TestSupport

/// Random operations with a manual clock and a faulty network, by seed.
struct FaultTests {
    private static let ceiling = Duration.seconds(15)

    private static func policy(cohort: CohortSize) -> RoundPolicy {
        RoundPolicy(
            rounds: 4, cohort: cohort, minimumClients: 3, quorum: .count(3), deadlineFloor: .seconds(3),
            deadlineCeiling: ceiling, maximumFailures: 1000, retryPause: .seconds(1))
    }

    @Test(arguments: 0..<10) func invariantsHoldUnderRandomFaults(block: Int) throws {
        var reports: [RoundReport] = []
        for seed in (25 * block)..<(25 * (block + 1)) { reports += try run(seed: UInt64(seed)) }
        // The faults really did something.
        #expect(reports.contains { $0.outcome == .belowQuorum })
        #expect(reports.contains { $0.outcome == .published && $0.attempt > 0 })
        #expect(reports.contains { $0.missing > 0 })
        #expect(reports.contains { $0.repeats > 0 })
        #expect(reports.contains { !$0.rejected.isEmpty })
    }

    private func run(seed: UInt64) throws -> [RoundReport] {
        var random = SeededRandom(Seed(seed).derived("faults"))
        // Some models need several chunks, so that uploads and downloads are cut off in the middle.
        let model = try LinearModel(rows: seed % 5 == 0 ? 160 : 4, columns: seed % 5 == 0 ? 140 : 3)
        let downlinks: [Compression.Downlink] = [.int8, .float32, .coded("auto:nmse=0.2")]
        let down = downlinks[Int(seed % 3)]
        let limits = CoordinatorLimits(concurrentUploads: 2, keptFirstChunks: 1, uploadStall: .seconds(4))
        let configuration = try Fixtures.configuration(
            model, policy: Self.policy(cohort: seed % 2 == 0 ? .count(4) : .all), up: "float32", down: down,
            limits: limits)
        let faults = FaultyNetwork<Int>.Faults(
            dropped: 0.15 * random.unitDouble(), duplicated: 0.3 * random.unitDouble(),
            delay: .milliseconds(1 + random.below(2000)), reorders: random.below(2) == 0)
        var simulation = try Simulation(model, configuration, clients: 6, faults: faults, seed: seed)
        simulation.trainingTime = .milliseconds(random.below(5000))
        for _ in 0..<(10 + random.below(20)) {
            try simulation.advance(to: simulation.now + .milliseconds(random.below(4000)))
            try disturb(&simulation, &random)
        }
        for client in 0..<6 { simulation.network.heal(client) }
        simulation.network.faults = .init()
        try simulation.run(until: simulation.now + .seconds(3600))
        try check(simulation, seed: seed)
        return simulation.reports
    }

    private func disturb(_ simulation: inout Simulation, _ random: inout SeededRandom) throws {
        let client = random.below(6)
        switch random.below(6) {
        case 0: try simulation.crash(client: client)
        case 1: try simulation.disconnect(client)
        case 2: simulation.network.cut(client)
        case 3: for client in 0..<6 { simulation.network.heal(client) }
        case 4: try simulation.crashCoordinator()
        default: simulation.crashBefore = simulation.effectCount + random.below(20)
        }
    }

    private func check(_ simulation: Simulation, seed: UInt64) throws {
        #expect(simulation.finish?.outcome == .completed, "seed \(seed)")
        #expect(simulation.records.count == 4, "seed \(seed)")
        for report in simulation.reports {
            #expect(report.seconds <= Self.ceiling / .seconds(1), "seed \(seed)")
            #expect((report.participants.count >= 3) == (report.outcome == .published), "seed \(seed)")
        }
        try Reference(model: simulation.model, configuration: simulation.configuration)
            .check(simulation.records, seed: seed)
    }
}
