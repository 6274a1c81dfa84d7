import Quantization
import Tensors
import Testing

struct FixedPointQuantizerTests {
    @Test func matchesTheDefinition() throws {
        let quantizer = try FixedPointQuantizer(integerBits: 3, fractionBits: 4)
        let tensor = try quantizer.quantize([0.0625, -0.09, 7.96, 8, -8, -20, 1])
        #expect(tensor.integers == [1, -1, 127, 127, -128, -128, 16])
        #expect(tensor.dequantized() == [0.0625, -0.0625, 7.9375, 7.9375, -8, -8, 1])
        #expect(tensor.errorBound == 12)
        #expect(quantizer.width == 8)
    }

    @Test(arguments: 0...7)
    func agreesWithDoubleArithmetic(fractionBits: Int) throws {
        let values = TensorFixture.normal(999, seed: UInt64(fractionBits), spread: 2)
        let quantizer = try FixedPointQuantizer(integerBits: 5, fractionBits: fractionBits)
        let step = 1 / Double(1 << fractionBits)
        let reference = values.map { Int32((Double($0) / step).rounded(.toNearestOrEven)) }
        #expect(try quantizer.quantize(values).integers == reference)
    }

    @Test(arguments: [(-1, 8), (8, -1), (0, 0), (16, 16), (32, 0), (Int.max, Int.max)])
    func refusesImpossibleFormats(format: (Int, Int)) {
        #expect(throws: QuantizationError.self) {
            try FixedPointQuantizer(integerBits: format.0, fractionBits: format.1)
        }
    }
}
