import Quantization
import Testing

struct BinaryQuantizerTests {
    @Test func keepsSignsAndTheMeanMagnitudeOfEachRow() throws {
        let tensor = try BinaryQuantizer().quantize([1, -3, 0, 0.5, 0.5, -0.5], rows: 2)
        let mean: Float = 4 / 3
        let expected: [Float] = [mean, -mean, mean, 0.5, 0.5, -0.5]
        #expect(tensor.dequantized() == expected)
        #expect(tensor.bitCount == 6 + 64)
        #expect(tensor.signs == [0b10_0010])
    }

    @Test func noOtherScaleHasLessError() throws {
        let values = TensorFixture.normal(333, seed: 6)
        let tensor = try BinaryQuantizer().quantize(values)
        func error(_ factor: Float) -> Double {
            zip(values, tensor.dequantized()).reduce(0.0) { sum, pair in
                sum + Double((pair.0 - factor * pair.1) * (pair.0 - factor * pair.1))
            }
        }
        #expect(error(1) < error(0.98) && error(1) < error(1.02))
    }
}
