import Foundation
import Privacy
import Tensors
import Testing

struct NoiseSourceTests {
    @Test(arguments: NoiseSource.Kind.allCases, [3, 10, 60])
    func theFewestSurvivorsReachTheDeviation(_ kind: NoiseSource.Kind, clients: Int) throws {
        let noise = DistributedNoise(clientCount: clients, dimension: 2000, scale: 16, clip: 1, centralDeviation: 1.5)
        let source = try NoiseSource(kind, share: noise)
        var random = SeededRandom(Seed(7))
        var sum = [Int32](repeating: 0, count: 2000)
        for _ in 0..<clients { source.add(to: &sum, using: &random) }
        let mean = sum.reduce(0.0) { $0 + Double($1) } / 2000
        let deviation = (sum.reduce(0.0) { $0 + Double($1) * Double($1) } / 2000).squareRoot()
        #expect(abs(deviation / 24 - 1) < 0.08, "seed 7: deviation \(deviation)")
        #expect(abs(mean) < 24 * 0.12)
    }

    @Test func skellamMatchesADifferenceOfPoissonVariables() throws {
        // Variance 3: P(0) = e⁻³ I₀(3) = 0.24300035, P(±1) = 2 e⁻³ I₁(3) = 0.39365290 together.
        let skellam = try SkellamNoise(variance: 3)
        var random = SeededRandom(Seed(8))
        let draws = (0..<200_000).map { _ in skellam.sample(using: &random) }
        let zeros = Double(draws.count { $0 == 0 }) / 200_000
        let ones = Double(draws.count { abs($0) == 1 }) / 200_000
        #expect(abs(zeros - 0.24300035) < 0.005)
        #expect(abs(ones - 0.39365290) < 0.006)
        #expect(abs(Double(draws.count { $0 == 1 }) / Double(draws.count { $0 == -1 }) - 1) < 0.03)
    }

    @Test func refusesSharesThatCannotBeDrawn() {
        let noise = DistributedNoise(clientCount: 10, dimension: 4, scale: 1e-9, clip: 1, centralDeviation: 1)
        for kind in NoiseSource.Kind.allCases {
            #expect(throws: PrivacyError.self) { try NoiseSource(kind, share: noise) }
        }
    }
}
