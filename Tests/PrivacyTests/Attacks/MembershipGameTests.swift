import Privacy
import Tensors
import Testing

struct MembershipGameTests {
    /// The attacker is the best there is, so the area is the bound itself, up to its own error.
    @Test(arguments: [0.5, 1, 2])
    func worstCaseIsWhatTheoryAllows(noiseMultiplier: Double) throws {
        let count = 4
        let noise = try CentralNoise(
            noiseMultiplier: noiseMultiplier, clip: 0.5, parameterCount: count, fractionBits: 28)
        var random = SeededRandom(Seed(31))
        // Norm ½ on the grid of the sum.
        let victim = [Int64](repeating: Int64(0.5 * 0x1p28 / 2), count: count)
        let area = MembershipGame(trialCount: 20_000).areaUnderCurve(victim: victim) {
            noise.draw(count, using: &random)
        }
        let bound = MembershipGame.bound(noiseMultiplier: noiseMultiplier)
        #expect(abs(area.value - bound) < 4 * area.standardError, "\(area), bound \(bound), seed 31")
        #expect(area.standardError < 0.003)
    }

    @Test func boundIsTheNormalDistributionFunction() {
        // Φ(1/√2) = 0.7602499, Φ(1/(2√2)) = 0.6381632.
        #expect(abs(MembershipGame.bound(noiseMultiplier: 1) - 0.7602499) < 1e-6)
        #expect(abs(MembershipGame.bound(noiseMultiplier: 2) - 0.6381632) < 1e-6)
    }
}
