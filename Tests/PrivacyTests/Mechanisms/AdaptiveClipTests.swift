import Privacy
import Tensors
import Testing

struct AdaptiveClipTests {
    @Test(arguments: [0.2, 0.5, 0.8])
    func findsTheQuantileOfTheNorms(quantile: Double) throws {
        let adaptive = AdaptiveClip(quantile: quantile, countDeviation: 5)
        var random = SeededRandom(Seed(21))
        var clip = 0.1
        // Norms are uniform in (0, 2), so that the quantile itself is at 2 × quantile.
        for _ in 0..<150 {
            let within = (0..<100).count { _ in 2 * random.unitDouble() <= clip }
            let fraction = try adaptive.noisyFraction(
                within: within, beyond: 100 - within, expected: 100, using: &random)
            clip = adaptive.next(after: clip, noisyFraction: fraction)
        }
        #expect(abs(clip - 2 * quantile) < 0.25, "clip \(clip), seed 21")
    }

    @Test func splitsTheNoiseSoThatBothReleasesCostOne() throws {
        let adaptive = AdaptiveClip(quantile: 0.5, countDeviation: 5)
        let updates = try #require(adaptive.updateMultiplier(1))
        #expect(updates > 1)
        let plan = PrivacyPlan(
            mechanism: .gaussian(noiseMultiplier: 1), rounds: 1, delta: 1e-5, accountant: .rdp)
        var both = PrivacyComposition(accountant: .rdp)
        try both.compose(ComposedMechanism(.gaussian(noiseMultiplier: updates)))
        try both.compose(ComposedMechanism(.gaussian(noiseMultiplier: 10)))
        #expect(abs(try both.epsilon(delta: 1e-5) / plan.epsilon() - 1) < 1e-9)
    }

    @Test func refusesBitsThatCostMoreThanTheRound() {
        #expect(AdaptiveClip(quantile: 0.5, countDeviation: 0.5).updateMultiplier(1) == nil)
    }

    @Test func staysWithinItsRange() {
        let adaptive = AdaptiveClip(quantile: 0.5, rate: 100, countDeviation: 5)
        #expect(adaptive.next(after: 1, noisyFraction: 9) == AdaptiveClip.range.lowerBound)
        #expect(adaptive.next(after: 1, noisyFraction: -9) == AdaptiveClip.range.upperBound)
    }
}
