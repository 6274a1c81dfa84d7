import Quantization
import Testing

struct DynamicFixedPointQuantizerTests {
    @Test(arguments: [0x1p-133, 1e-20, 0.3, 1, 127, 127.1, 128, 1e30] as [Float], [2, 8, 16])
    func takesTheSmallestExponentThatFits(maximum: Float, width: Int) throws {
        let tensor = try DynamicFixedPointQuantizer(width: width).quantize([maximum, -maximum / 3, 0])
        let limit = 1 << (width - 1) - 1
        let step = Double(sign: .plus, exponent: tensor.exponent, significand: 1)
        #expect(Double(maximum) <= Double(limit) * step)
        #expect(tensor.exponent == -149 || Double(maximum) > Double(limit) * step / 2)
    }

    @Test(arguments: [-1, 0, 1, 17])
    func refusesOtherWidths(width: Int) {
        #expect(throws: QuantizationError.unsupportedWidth(width)) { try DynamicFixedPointQuantizer(width: width) }
    }
}
