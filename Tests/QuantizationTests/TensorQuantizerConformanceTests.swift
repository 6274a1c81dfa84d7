import Quantization
import Tensors
import Testing

/// What every quantizer must do with any tensor.
struct TensorQuantizerConformanceTests {
    struct Scheme: Sendable, CustomTestStringConvertible {
        let name: String
        let quantizer: any TensorQuantizer
        var testDescription: String { name }
    }

    static func schemes() throws -> [Scheme] {
        var schemes: [Scheme] = [
            Scheme(name: "identity", quantizer: IdentityQuantizer()),
            Scheme(name: "binary", quantizer: BinaryQuantizer()),
            Scheme(name: "ternary", quantizer: TernaryQuantizer()),
            Scheme(name: "ternary exact", quantizer: TernaryQuantizer(threshold: .exact)),
            Scheme(name: "half", quantizer: ShortFloatQuantizer(.half)),
            Scheme(name: "brain", quantizer: ShortFloatQuantizer(.brain)),
            Scheme(name: "Q7.8", quantizer: try FixedPointQuantizer(integerBits: 7, fractionBits: 8)),
            Scheme(name: "Q0.31", quantizer: try FixedPointQuantizer(integerBits: 0, fractionBits: 31)),
            Scheme(name: "Q31.0", quantizer: try FixedPointQuantizer(integerBits: 31, fractionBits: 0)),
        ]
        for rounding in [Rounding.nearest, .stochastic(Seed(4)), .rateDistortion(weight: 0.1)] {
            for width in [2, 5, 8, 16] {
                let quantizer = try DynamicFixedPointQuantizer(width: width, rounding: rounding)
                schemes.append(Scheme(name: "dynamic \(width) \(rounding)", quantizer: quantizer))
            }
        }
        for width in 1...8 {
            let quantizer = try PerChannelAffineQuantizer(width: width, symmetry: .asymmetric)
            schemes.append(Scheme(name: "asymmetric \(width)", quantizer: quantizer))
        }
        for width in 2...8 {
            let quantizer = try PerChannelAffineQuantizer(width: width, isPerChannel: width % 2 == 0)
            schemes.append(Scheme(name: "symmetric \(width)", quantizer: quantizer))
        }
        for count in [2, 16, 17, 256] {
            for search in [CodebookQuantizer.Search.optimal, .nearlyOptimal, .lloyd(Seed(3))] {
                let quantizer = try CodebookQuantizer(centroidCount: count, search: search)
                schemes.append(Scheme(name: "codebook \(count) \(search)", quantizer: quantizer))
            }
        }
        return schemes
    }

    @Test(arguments: try schemes(), TensorFixture.cases)
    func staysWithinItsErrorBound(scheme: Scheme, tensor: TensorFixture.Case) throws {
        let magnitude = tensor.values.reduce(Float(0)) { max($0, abs($1)) }
        if scheme.quantizer is PerChannelAffineQuantizer, magnitude >= 1e38 {
            #expect(throws: QuantizationError.magnitudeOutOfRange(row: 0)) {
                _ = try scheme.quantizer.quantize(tensor.values, rows: tensor.rows) as any QuantizedTensor
            }
            return
        }
        let quantized = try scheme.quantizer.quantize(tensor.values, rows: tensor.rows) as any QuantizedTensor
        let decoded = quantized.dequantized()
        #expect(quantized.count == tensor.values.count)
        #expect(decoded.count == tensor.values.count)
        #expect(decoded.allSatisfy { $0.isFinite })
        let slack = magnitude * 0x1p-22 + .leastNonzeroMagnitude
        // Scales in the subnormal range have few bits left, so only the order of magnitude can be promised there.
        let floor: Float = magnitude < 1e-36 ? magnitude : 0
        let bound = max(quantized.errorBound, floor) + slack
        #expect(largestDistance(tensor.values, decoded) <= bound)
    }

    @Test(arguments: try schemes())
    func isDeterministicAndRefusesWhatIsNotFinite(scheme: Scheme) throws {
        let values = TensorFixture.normal(60, seed: 8)
        let first = try scheme.quantizer.quantize(values, rows: 3) as any QuantizedTensor
        let second = try scheme.quantizer.quantize(values, rows: 3) as any QuantizedTensor
        #expect(first.dequantized() == second.dequantized())
        for bad in [Float.nan, .infinity, -.infinity] {
            var damaged = values
            damaged[41] = bad
            #expect(throws: QuantizationError.notFinite(index: 41)) {
                _ = try scheme.quantizer.quantize(damaged, rows: 3) as any QuantizedTensor
            }
        }
        #expect(throws: QuantizationError.unevenRows(count: 60, rows: 7)) {
            _ = try scheme.quantizer.quantize(values, rows: 7) as any QuantizedTensor
        }
        #expect(throws: QuantizationError.unevenRows(count: 60, rows: 0)) {
            _ = try scheme.quantizer.quantize(values, rows: 0) as any QuantizedTensor
        }
    }

    @Test(arguments: try schemes())
    func takesFewerBitsThanFloats(scheme: Scheme) throws {
        let values = TensorFixture.normal(4096, seed: 5, spread: 0.1)
        let quantized = try scheme.quantizer.quantize(values, rows: 8) as any QuantizedTensor
        let isWide = ["identity", "Q0.31", "Q31.0"].contains(scheme.name)
        #expect(quantized.bitCount <= 4096 * (isWide ? 32 : 17) + 8)
    }
}
