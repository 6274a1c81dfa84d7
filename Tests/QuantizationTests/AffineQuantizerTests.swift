import Quantization
import Tensors
import Testing

struct AffineQuantizerTests {
    static let cases: [[Float]] = [
        [], [0], [3.5], [-2], [1, 1, 1, 1], [0, 0, 0], [-1, 2, 0.5, -0.25],
        [3 * .leastNonzeroMagnitude, -.leastNonzeroMagnitude],
        [4e37, -4e37, 1], [5, 6, 7, 8],
    ]

    @Test(arguments: 2...8, cases)
    func symmetricErrorIsHalfAScale(width: Int, values: [Float]) throws {
        let tensor = try AffineQuantizer(width: width, symmetry: .symmetric).quantize(values)
        let range = try AffineQuantizer(width: width, symmetry: .symmetric).range
        #expect(tensor.integers.allSatisfy { range.contains(Int($0)) })
        for (value, decoded) in zip(values, tensor.dequantized()) {
            #expect(Double(abs(value - decoded)) <= Double(tensor.scales[0]) * 0.501 + 0x1p-140)
        }
    }

    @Test(arguments: 1...8, cases)
    func asymmetricErrorIsOneScaleAndZeroIsExact(width: Int, values: [Float]) throws {
        let tensor = try AffineQuantizer(width: width, symmetry: .asymmetric).quantize(values)
        #expect(tensor.integers.allSatisfy { (0...(1 << width - 1)).contains(Int($0)) })
        for (value, decoded) in zip(values, tensor.dequantized()) {
            #expect(Double(abs(value / 4 - decoded / 4)) <= Double(tensor.scales[0]) * 0.2501 + 0x1p-140)
            if value == 0 { #expect(decoded == 0) }
        }
    }

    @Test func channelsDoNotDisturbEachOther() throws {
        let quantizer = try AffineQuantizer(width: 8, symmetry: .symmetric)
        let values: [Float] = [1, -0.3, 1e-4, 5e-5]
        let whole = try quantizer.quantize(values).dequantized()
        let rows = try quantizer.quantize(values, rows: 2).dequantized()
        #expect(whole[3] == 0)
        #expect(abs(rows[3] - 5e-5) < 1e-6)
    }

    @Test(arguments: [AffineQuantizer.Symmetry.symmetric, .asymmetric])
    func refusesARowThatSpansTheNumberFormat(symmetry: AffineQuantizer.Symmetry) throws {
        let quantizer = try AffineQuantizer(width: 8, symmetry: symmetry)
        #expect(throws: QuantizationError.magnitudeOutOfRange(row: 1)) {
            try quantizer.quantize([0, 1, 3e38, -3e38], rows: 2)
        }
    }

    @Test func refusesBadInput() throws {
        #expect(throws: QuantizationError.unsupportedWidth(1)) { try AffineQuantizer(width: 1, symmetry: .symmetric) }
        #expect(throws: QuantizationError.unsupportedWidth(9)) { try AffineQuantizer(width: 9, symmetry: .asymmetric) }
        let quantizer = try AffineQuantizer(width: 4, symmetry: .symmetric)
        #expect(throws: QuantizationError.notFinite(index: 1)) { try quantizer.quantize([0, .nan]) }
        #expect(throws: QuantizationError.unevenRows(count: 3, rows: 2)) { try quantizer.quantize([0, 1, 2], rows: 2) }
    }
}

struct PackedIntegersTests {
    @Test(arguments: 1...8, [0, 1, 7, 8, 9, 1001])
    func unpacksWhatItPacked(width: Int, count: Int) throws {
        var random = SeededRandom(Seed(UInt64(width)))
        let values = (0..<count).map { _ in UInt8(random.below(1 << width)) }
        let bytes = PackedIntegers.pack(values, width: width)
        #expect(bytes.count == PackedIntegers.byteCount(count: count, width: width))
        #expect(try PackedIntegers.unpack(bytes, count: count, width: width) == values)
        #expect(throws: QuantizationError.self) { try PackedIntegers.unpack(bytes + [0], count: count, width: width) }
    }
}
