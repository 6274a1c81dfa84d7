import Quantization
import Testing

struct PerChannelAffineQuantizerTests {
    @Test(arguments: 1...8)
    func packsWhatTheAffineQuantizerGives(width: Int) throws {
        let values = TensorFixture.normal(7 * 13, seed: UInt64(width))
        let format = try AffineQuantizer(width: width, symmetry: .asymmetric)
        let tensor = try PerChannelAffineQuantizer(width: width, symmetry: .asymmetric).quantize(values, rows: 7)
        #expect(tensor.dequantized() == (try format.quantize(values, rows: 7)).dequantized())
        #expect(tensor.bytes.count == (7 * 13 * width + 7) / 8)
        #expect(tensor.bitCount == 7 * (13 * width + 32 + width))
    }

    @Test func oneScaleServesTheWholeTensorOnRequest() throws {
        let values = TensorFixture.normal(60, seed: 4)
        let tensor = try PerChannelAffineQuantizer(width: 8, isPerChannel: false).quantize(values, rows: 6)
        #expect(tensor.scales.count == 1)
        let affine = try AffineQuantizer(width: 8, symmetry: .symmetric).quantize(values)
        #expect(tensor.dequantized() == affine.dequantized())
    }
}
