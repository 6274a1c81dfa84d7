import Quantization
import Testing

struct TernaryQuantizerTests {
    static func squaredError(_ a: [Float], _ b: [Float]) -> Double {
        zip(a, b).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
    }

    @Test func followsTheRuleOfThePaper() throws {
        let values: [Float] = [0.1, -0.2, 1, -2, 0.05, 0]
        let tensor = try TernaryQuantizer().quantize(values)
        // The mean magnitude is 0.558, the threshold 0.391.
        #expect(tensor.dequantized() == [0, 0, 1.5, -1.5, 0, 0])
        #expect(tensor.bitCount == 12 + 32)
    }

    @Test(arguments: [1, 2, 3, 7, 12], [1, 2, 3] as [UInt64])
    func exactThresholdIsTheBestOfAllSubsets(count: Int, seed: UInt64) throws {
        let values = TensorFixture.normal(count, seed: seed)
        let tensor = try TernaryQuantizer(threshold: .exact).quantize(values)
        var least = Double.infinity
        for subset in 0..<(1 << count) {
            let kept = values.indices.filter { subset >> $0 & 1 == 1 }
            let scale = kept.isEmpty ? 0 : kept.reduce(Float(0)) { $0 + abs(values[$1]) } / Float(kept.count)
            let decoded = values.indices.map { index in
                kept.contains(index) ? (values[index] < 0 ? -scale : scale) : 0
            }
            least = min(least, Self.squaredError(values, decoded))
        }
        #expect(Self.squaredError(values, tensor.dequantized()) <= least * 1.0001 + 1e-12)
    }

    @Test func exactIsNoWorseThanApproximate() throws {
        for seed in 1...5 as ClosedRange<UInt64> {
            let values = TensorFixture.normal(1000, seed: seed)
            let exact = try TernaryQuantizer(threshold: .exact).quantize(values).dequantized()
            let approximate = try TernaryQuantizer().quantize(values).dequantized()
            #expect(
                Self.squaredError(values, exact) <= Self.squaredError(values, approximate) * 1.000_001,
                "seed \(seed)")
        }
    }
}
