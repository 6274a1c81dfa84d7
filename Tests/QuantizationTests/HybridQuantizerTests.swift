import Quantization
import Tensors
import Testing

struct HybridQuantizerTests {
    static func layout() throws -> ParameterLayout {
        try ParameterLayout([
            ("0.conv/weight", [4, 9], .weight), ("0.conv/bias", [4], .vector), ("1.dense/weight", [3, 16], .weight),
        ])
    }

    @Test func theMoreExactNameWins() throws {
        let layout = try Self.layout()
        let values = TensorFixture.normal(layout.count, seed: 1)
        let quantizer = HybridQuantizer(
            standard: BinaryQuantizer(),
            overrides: ["0.conv": try PerChannelAffineQuantizer(width: 8), "0.conv/bias": IdentityQuantizer()])
        let quantized = try quantizer.quantize(values, layout: layout)
        #expect(quantized.tensors.count == 3)
        #expect(quantized.count == layout.count)
        #expect(quantized.tensors.map { $0.bitCount } == [416, 128, 144])
        #expect(quantized.bitCount == 688)
        let decoded = quantized.dequantized()
        #expect(Array(decoded[36..<40]) == Array(values[36..<40]))
        #expect(largestDistance(decoded, values) <= quantized.errorBound * 1.0001)
        let affine = try AffineQuantizer(width: 8, symmetry: .symmetric).quantize(Array(values[..<36]), rows: 4)
        #expect(Array(decoded[..<36]) == affine.dequantized())
    }

    @Test func refusesWhatDoesNotFit() throws {
        let layout = try Self.layout()
        let values = [Float](repeating: 1, count: layout.count)
        let unknown = HybridQuantizer(standard: BinaryQuantizer(), overrides: ["9.gru": IdentityQuantizer()])
        #expect(throws: QuantizationError.unknownLayer("9.gru")) { try unknown.quantize(values, layout: layout) }
        let quantizer = HybridQuantizer(standard: BinaryQuantizer())
        #expect(throws: QuantizationError.countMismatch(expected: layout.count, actual: 2)) {
            try quantizer.quantize([1, 2], layout: layout)
        }
        var damaged = values
        damaged[50] = .infinity
        #expect(throws: QuantizationError.notFinite(index: 50)) { try quantizer.quantize(damaged, layout: layout) }
    }
}
