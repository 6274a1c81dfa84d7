import Quantization
import Testing

struct ShortFloatQuantizerTests {
    @Test func saturatesInsteadOfReturningInfinity() throws {
        let values: [Float] = [1e6, -1e6, 65504, 65520]
        #expect(try ShortFloatQuantizer(.half).quantize(values).dequantized() == [65504, -65504, 65504, 65504])
        let largest = try ShortFloatQuantizer(.brain).quantize([.greatestFiniteMagnitude]).dequantized()
        #expect(largest == [BrainFloat.largest])
    }
}
