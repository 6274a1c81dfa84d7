import Federation
import Messages
import Privacy
import Quantization
import Testing

struct CalibrationTests {
    private static func histogram(_ values: [Float]) -> ActivationHistogram {
        var histogram = ActivationHistogram()
        histogram.add(values)
        return histogram
    }

    private static func finished(
        rounds: Int = 3, from: Int?, pointCount: Int = LinearModel.pointCount
    ) throws -> Simulation {
        let model = try LinearModel()
        let configuration = try Fixtures.configuration(
            model, policy: Fixtures.policy(rounds: rounds), calibratesFrom: from, pointCount: pointCount)
        var simulation = try Simulation(model, configuration, clients: 4)
        try simulation.run()
        return simulation
    }

    @Test func activationsOfTheNewestRoundAreStored() throws {
        let simulation = try Self.finished(from: 2)
        #expect(simulation.finish?.outcome == .completed)
        #expect(simulation.records.map(\.activations.count) == [0, 2, 2])
        let record = try #require(simulation.records.last)
        for (point, bytes) in record.activations.enumerated() {
            let histogram = try ActivationHistogram(decoding: bytes)
            #expect(histogram.high == Float(point + (record.report.participants.max() ?? 0) + 1))
            #expect(histogram.total == UInt64(10 * record.report.participants.count))
        }
    }

    @Test func activationsDoNotChangeTheModel() throws {
        let plain = try Self.finished(from: nil)
        let calibrated = try Self.finished(from: 1)
        #expect(plain.records.last?.master == calibrated.records.last?.master)
    }

    @Test func activationsOfAnotherModelAreRejected() throws {
        let simulation = try Self.finished(from: 2, pointCount: 3)
        #expect(simulation.records.count == 1)
        #expect(simulation.reports.contains { ($0.rejected[.wrongShape] ?? 0) > 0 })
    }

    @Test func updateComesBackWithItsActivations() throws {
        for activations in [[], [Self.histogram([1, -2, 0])], [Self.histogram([]), Self.histogram([5, 6, 7])]] {
            let sent = CalibratedUpdate(update: [1, 2, 3], activations: activations)
            #expect(try CalibratedUpdate(decoding: sent.bytes) == sent)
            // Without one byte of an update nothing is left of it; further truncations cut the histograms.
            for count in 0...sent.bytes.count - 3 {
                #expect(throws: FederationError.self) { try CalibratedUpdate(decoding: Array(sent.bytes[..<count])) }
            }
        }
    }

    @Test func hiddenOrNoisyRoundsDoNotCalibrate() throws {
        var parameters = Fixtures.parameters()
        parameters.plan.calibration = QuantizationRounds(fromRound: 1)
        try parameters.validate()
        parameters.compression.up = "masked"
        #expect(throws: FederationError.self) { try parameters.validate() }
        var policy = Fixtures.policy()
        policy.weighting = .uniform
        policy.privacy = PrivacySettings(
            clip: 1, noiseMultiplier: 1, budget: try PrivacyBudget(epsilon: 8, delta: 1e-5))
        #expect(throws: FederationError.self) {
            try Fixtures.configuration(LinearModel(), policy: policy, calibratesFrom: 1)
        }
    }

    @Test(arguments: [0, -1, 1_000_001]) func roundsOutOfRangeAreRefused(round: Int) {
        #expect(throws: FederationError.self) {
            try LocalPlan(calibration: QuantizationRounds(fromRound: round)).validate()
        }
        #expect(throws: FederationError.self) {
            try LocalPlan(quantizationAware: QuantizationRounds(fromRound: round)).validate()
        }
    }
}
