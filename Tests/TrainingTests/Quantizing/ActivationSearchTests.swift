import Quantization
import Testing
import Training

struct ActivationSearchTests {
    /// A model, its quantization with three bits too few for its logits, and samples.
    private static func coarse() throws -> (Trainer, [Float], FakeQuantization, TrainingSet) {
        let (spec, parameters, set) = try FakeQuantizationTests.trained("cnn-28x28")
        let trainer = try Trainer(spec: spec, maximumBatchSize: 24)
        let ranges = try trainer.calibrate(parameters: parameters, on: set).map { $0.range(.widened(8)) }
        return (trainer, parameters, FakeQuantization(ranges: ranges), set)
    }

    private func choose(
        _ search: ActivationSearch, fits: (QuantizedNetwork) -> Bool
    ) throws -> ActivationSearch.Choice {
        let (trainer, parameters, quantization, set) = try Self.coarse()
        return try search.choose(
            trainer, parameters: parameters, quantization: quantization, on: set,
            indices: Array(0..<set.sampleCount), fits: fits)
    }

    @Test func widensWhatHarmsMostAndComesCloser() throws {
        let choice = try choose(ActivationSearch(rest: 0), fits: { _ in true })
        let inner = choice.sensitivities.indices.dropFirst().dropLast()
        #expect(choice.chosen < choice.narrow)
        #expect(choice.pointActivationBits.first == 8 && choice.pointActivationBits.last == 8)
        #expect(choice.sensitivities.count == choice.pointActivationBits.count)
        #expect(inner.contains { choice.pointActivationBits[$0] == 16 })
    }

    @Test func aloneTheMostSensitivePointFits() throws {
        let sixteen: (QuantizedNetwork) -> Int = { network in network.tensors.count { $0.bits == 16 } }
        var least = Int.max
        _ = try choose(ActivationSearch(rest: 0)) {
            least = min(least, sixteen($0))
            return false
        }
        let choice = try choose(ActivationSearch(rest: 0), fits: { sixteen($0) <= least })
        #expect(choice.pointActivationBits.count { $0 == 16 } <= 1)
        #expect(choice.chosen <= choice.narrow)
    }

    @Test func leavesEightBitsWhereNothingFitsOrNothingIsAsked() throws {
        for choice in [
            try choose(ActivationSearch(rest: 0), fits: { _ in false }),
            try choose(ActivationSearch(rest: 1), fits: { _ in true }),
        ] {
            #expect(choice.pointActivationBits.allSatisfy { $0 == 8 })
            #expect(choice.chosen == choice.narrow)
        }
    }

    @Test func endsMayBeWidenedToo() throws {
        let choice = try choose(ActivationSearch(rest: 0, widensEnds: true), fits: { _ in true })
        let inner = try choose(ActivationSearch(rest: 0), fits: { _ in true })
        #expect(choice.chosen < inner.chosen)
    }
}
