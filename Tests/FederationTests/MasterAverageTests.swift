import Federation
import Quantization
import TestSupport
import Testing

struct MasterAverageTests {
    /// The mean by its weights: version n counts (1 + η)/(n + η), and what came before it the rest.
    private static func reference(_ masters: [[Float]], recency: Double) -> [Double] {
        var weights: [Double] = []
        for number in 1...masters.count {
            let share = (1 + recency) / (Double(number) + recency)
            weights = weights.map { $0 * (1 - share) } + [share]
        }
        return (masters.first ?? []).indices.map { index in
            zip(masters, weights).reduce(0) { $0 + Double($1.0[index]) * $1.1 }
        }
    }

    private static func simulation(averaging: Float?, down: Compression.Downlink = .float32) throws -> Simulation {
        let model = try LinearModel()
        var policy = Fixtures.policy(rounds: 6, clients: 3)
        policy.strategy = StrategySettings(name: .fedAvgM, momentum: 0.5, averaging: averaging)
        return try Simulation(
            model, try Fixtures.configuration(model, policy: policy, up: "float32", down: down), clients: 3)
    }

    @Test(arguments: [0, 1, 3, 8.5] as [Float], [1, 2, 7, 40])
    func weighsVersionsByTheirRecency(recency: Float, count: Int) {
        let masters = (0..<count).map { step in (0..<5).map { Float(step * 5 + $0).squareRoot() } }
        var average = [Float](repeating: 0, count: 5)
        for (index, master) in masters.enumerated() {
            average = MasterAverage.next(average, taking: master, version: UInt32(index + 1), recency: recency)
        }
        for (value, expected) in zip(average, Self.reference(masters, recency: Double(recency))) {
            #expect(abs(Double(value) - expected) < 1e-5 * max(1, abs(expected)))
        }
    }

    @Test func noRecencyIsThePlainMean() {
        let masters: [[Float]] = [[1], [2], [6], [3]]
        var average: [Float] = [100]
        for (index, master) in masters.enumerated() {
            average = MasterAverage.next(average, taking: master, version: UInt32(index + 1), recency: 0)
        }
        #expect(average == [3])
    }

    @Test(arguments: [Compression.Downlink.float32, .int8, .coded("auto:nmse=0.2")])
    func averageIsEvaluatedAndDeliveredAndClientsTrainFromTheNewestVersion(down: Compression.Downlink) throws {
        var plain = try Self.simulation(averaging: nil, down: down)
        try plain.run()
        var averaged = try Self.simulation(averaging: 3, down: down)
        try averaged.run()
        #expect(averaged.finish == plain.finish)
        #expect(averaged.records.map(\.master) == plain.records.map(\.master))
        #expect(averaged.evaluations.count == 6)
        for (index, record) in averaged.records.enumerated() {
            let expected = Self.reference(averaged.records.prefix(index + 1).map(\.master), recency: 3)
            for (value, expected) in zip(record.delivered, expected) { #expect(abs(Double(value) - expected) < 1e-4) }
            #expect(averaged.evaluations[index].master == record.delivered)
            let lattice = try record.deliveredLattice(layout: averaged.configuration.layout)
            #expect(averaged.evaluations[index].lattice == lattice)
            #expect(plain.records[index].delivered == plain.records[index].master)
            #expect(plain.evaluations[index].master == plain.records[index].master)
        }
        #expect(averaged.records.last?.delivered != averaged.records.last?.master)
    }

    @Test func averageGoesOnAfterACrashBeforeAnyEffect() throws {
        var whole = try Self.simulation(averaging: 3)
        try whole.run()
        let expected = try #require(whole.records.last)
        for effect in 0..<whole.effectCount {
            var simulation = try Self.simulation(averaging: 3)
            simulation.crashBefore = effect
            try simulation.run()
            #expect(simulation.records.last?.average == expected.average, "effect \(effect)")
        }
    }
}
