import Quantization
import Tensors
import Testing

struct MixedPrecisionQuantizerTests {
    @Test func productIsCloseToFloatsWithinTheQuantizersErrors() throws {
        let (rows, columns) = (5, 300)
        let weights = TensorFixture.normal(rows * columns, seed: 1, spread: 0.1)
        let activations = TensorFixture.normal(columns, seed: 2, spread: 3)
        let quantizer = try MixedPrecisionQuantizer()
        let quantizedWeights = try quantizer.quantizeWeights(weights, rows: rows)
        let quantizedActivations = try quantizer.quantizeActivations(activations)
        #expect(quantizedWeights.integers.allSatisfy { abs($0) <= 127 })
        #expect(quantizedActivations.integers.map { abs($0) }.max() == 32767)
        let product = MixedPrecisionQuantizer.product(weights: quantizedWeights, activations: quantizedActivations)
        let magnitudes = activations.reduce(0) { $0 + abs($1) }
        for row in 0..<rows {
            let rowWeights = weights[(row * columns)..<((row + 1) * columns)]
            let exact = zip(rowWeights, activations).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            let weightError = quantizedWeights.scales[row] / 2 * magnitudes
            let activationError = quantizedActivations.scales[0] / 2 * rowWeights.reduce(0) { $0 + abs($1) }
            #expect(abs(product[row] - Float(exact)) <= (weightError + activationError) * 1.01)
        }
    }

    @Test func sumsBeyondThirtyTwoBitsDoNotOverflow() throws {
        let ones = [Float](repeating: 1, count: 2000)
        let quantizer = try MixedPrecisionQuantizer()
        let weights = try quantizer.quantizeWeights(ones, rows: 1)
        let activations = try quantizer.quantizeActivations(ones)
        // 2000 · 127 · 32767 is about 2^33.
        #expect(weights.integers.allSatisfy { $0 == 127 } && activations.integers.allSatisfy { $0 == 32767 })
        let product = MixedPrecisionQuantizer.product(weights: weights, activations: activations)
        #expect(abs(product[0] - 2000) < 0.01)
    }

    @Test func refusesActivationsThatAreNotFinite() throws {
        let quantizer = try MixedPrecisionQuantizer(rounding: .stochastic(Seed(1)))
        #expect(throws: QuantizationError.notFinite(index: 1)) { try quantizer.quantizeActivations([0, .nan]) }
        #expect(try quantizer.quantizeActivations([]).dequantized().isEmpty)
        #expect(try quantizer.quantizeActivations([0, 0]).dequantized() == [0, 0])
    }
}
