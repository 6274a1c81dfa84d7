import Foundation
import Privacy
import Tensors
import Testing

struct DiscreteGaussianTests {
    /// Pearson's statistic over cells that expect at least 20 draws each, with its degrees of freedom.
    private static func chiSquare(_ draws: [Int64], probability: (Int) -> Double, reach: Int) -> (Double, Int) {
        var observed: [Int: Int] = [:]
        for draw in draws { observed[min(max(Int(draw), -reach), reach), default: 0] += 1 }
        var statistic = 0.0
        var cells = 0
        var pooled = (expected: 0.0, seen: 0)
        for x in -reach...reach {
            pooled.expected += Double(draws.count) * probability(x)
            pooled.seen += observed[x] ?? 0
            guard pooled.expected >= 20 else { continue }
            statistic += pow(Double(pooled.seen) - pooled.expected, 2) / pooled.expected
            cells += 1
            pooled = (0, 0)
        }
        return (statistic, cells - 1)
    }

    @Test(arguments: [0.3, 0.8, 1, 2.5, 7])
    func matchesItsProbabilities(deviation: Double) throws {
        var random = SeededRandom(Seed(11))
        let gaussian = try DiscreteGaussian(deviation: deviation)
        let draws = gaussian.samples(100_000, using: &random)
        let reach = Int(12 * deviation) + 2
        let weights = (-reach...reach).map { exp(-pow(Double($0) / gaussian.deviation, 2) / 2) }
        let total = weights.reduce(0, +)
        let (statistic, freedom) = Self.chiSquare(
            draws, probability: { weights[$0 + reach] / total }, reach: reach)
        // Wilson–Hilferty: the cube root is nearly normal; 5 deviations is p < 10⁻⁶.
        let spread = 2 / (9 * Double(max(freedom, 1)))
        let z = (pow(statistic / Double(max(freedom, 1)), 1.0 / 3) - 1 + spread) / spread.squareRoot()
        #expect(z < 5, "statistic \(statistic) with \(freedom) degrees of freedom, seed 11")
    }

    @Test(arguments: [100.0, 20_000, 0x1p28, 0x1p40])
    func hasTheMomentsOfAWideGaussian(deviation: Double) throws {
        var random = SeededRandom(Seed(12))
        let draws = try DiscreteGaussian(deviation: deviation).samples(20_000, using: &random)
        let scaled = draws.map { Double($0) / deviation }
        let count = Double(scaled.count)
        #expect(abs(scaled.reduce(0, +) / count) < 0.04)
        #expect(abs(scaled.reduce(0) { $0 + $1 * $1 } / count - 1) < 0.05)
        #expect(abs(scaled.reduce(0) { $0 + pow($1, 4) } / count - 3) < 0.4)
        #expect(scaled.contains { $0 > 2.5 } && scaled.contains { $0 < -2.5 })
    }

    @Test func neverDrawsLessNoiseThanAsked() throws {
        for deviation in [0.001, 0.37, 3.3, 16_383.9, 16_384.1, 1e9 + 0.5] {
            #expect(try DiscreteGaussian(deviation: deviation).deviation >= deviation)
        }
    }

    @Test(arguments: [0, -1, .nan, .infinity, 1e-9, 1e13])
    func refusesWhatItCannotDraw(deviation: Double) {
        #expect(throws: PrivacyError.self) { try DiscreteGaussian(deviation: deviation) }
    }

    @Test func sameSeedSameNoise() throws {
        let gaussian = try DiscreteGaussian(deviation: 1234.5)
        var first = SeededRandom(Seed(5))
        var second = SeededRandom(Seed(5))
        #expect(gaussian.samples(100, using: &first) == gaussian.samples(100, using: &second))
    }
}
