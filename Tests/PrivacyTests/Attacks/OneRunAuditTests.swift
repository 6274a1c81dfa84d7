import Privacy
import Tensors
import Testing

struct OneRunAuditTests {
    private static let count = 2000

    /// One release of the sum of the canaries, each of norm ½ in a coordinate of its own; the scores are the release.
    private static func bound(noiseMultiplier: Double, noiseScale: Double, seed: UInt64) throws -> Double {
        let audit = OneRunAudit(canaryCount: count, guessCount: 400, delta: 1e-5)
        var random = SeededRandom(Seed(seed))
        let included = audit.draw(using: &random)
        let noise = try CentralNoise(
            noiseMultiplier: noiseMultiplier * noiseScale, clip: 0.5, parameterCount: count, fractionBits: 28)
        let release = zip(noise.draw(count, using: &random), included).map { noise, isIn in
            Double(noise + (isIn ? Int64(0.5 * 0x1p28) : 0))
        }
        return audit.lowerBound(included: included, scores: release)
    }

    private static func claim(noiseMultiplier: Double) throws -> Double {
        try PrivacyPlan(mechanism: .gaussian(noiseMultiplier: noiseMultiplier), rounds: 1, delta: 1e-5).epsilon()
    }

    @Test(arguments: [0.7, 1, 2], [1, 2, 3] as [UInt64])
    func theMechanismPasses(noiseMultiplier: Double, seed: UInt64) throws {
        let bound = try Self.bound(noiseMultiplier: noiseMultiplier, noiseScale: 1, seed: seed)
        #expect(bound <= (try Self.claim(noiseMultiplier: noiseMultiplier)), "seed \(seed)")
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func theAuditHasTeeth(seed: UInt64) throws {
        #expect(try Self.bound(noiseMultiplier: 1, noiseScale: 1, seed: seed) > 0.5)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func noiseThatIsTenTimesTooSmallIsCaught(seed: UInt64) throws {
        let bound = try Self.bound(noiseMultiplier: 2, noiseScale: 0.1, seed: seed)
        #expect(bound > (try Self.claim(noiseMultiplier: 2)), "seed \(seed)")
    }

    @Test func guessingAtRandomProvesNothing() {
        let audit = OneRunAudit(canaryCount: 1000, delta: 1e-5)
        #expect(audit.lowerBound(correct: 500) == 0)
        #expect(audit.lowerBound(correct: 540) == 0)
        #expect(audit.lowerBound(correct: 1000) > 4)
    }

    @Test func grantingMoreDeltaProvesLess() {
        let strict = OneRunAudit(canaryCount: 1000, delta: 0)
        let lax = OneRunAudit(canaryCount: 1000, delta: 1e-4)
        #expect(strict.lowerBound(correct: 900) > lax.lowerBound(correct: 900))
    }
}
