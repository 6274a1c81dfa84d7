import Privacy
import Testing

struct PrivacyPlanTests {
    @Test(arguments: [0.5, 2.0, 8.0])
    func leastNoiseMeetsTheTargetAndLittleLessDoesNot(_ target: Double) throws {
        let distributed = DistributedNoise(clientCount: 40, dimension: 4096, scale: 2000, centralDeviation: 1)
        let mechanisms: [PrivacyMechanism] = [
            .gaussian(noiseMultiplier: 1, samplingRate: 0.1), .gaussian(noiseMultiplier: 1),
            .tree(noiseMultiplier: 1, leafCount: 64), .distributedSkellam(distributed),
            .gaussianWithoutReplacement(noiseMultiplier: 1, sampleSize: 10, populationSize: 200),
        ]
        for mechanism in mechanisms {
            let plan = PrivacyPlan(mechanism: mechanism, rounds: 30, delta: 1e-4)
            let noise = try plan.noise(for: target)
            #expect(try plan.with(noiseMultiplier: noise).epsilon() <= target)
            #expect(try plan.with(noiseMultiplier: noise * 0.999).epsilon() > target)
        }
    }

    @Test func mostRoundsMeetTheTargetAndOneMoreDoesNot() throws {
        for accountant in Accountant.allCases {
            let mechanism = PrivacyMechanism.gaussian(noiseMultiplier: 1, samplingRate: 0.1)
            let plan = PrivacyPlan(mechanism: mechanism, rounds: 0, delta: 1e-4, accountant: accountant)
            let rounds = try plan.rounds(for: 4)
            #expect(rounds > 0)
            #expect(try plan.with(rounds: rounds).epsilon() <= 4)
            #expect(try plan.with(rounds: rounds + 1).epsilon() > 4)
        }
    }

    @Test func noRoundsWhenOneIsTooMuch() throws {
        let plan = PrivacyPlan(mechanism: .gaussian(noiseMultiplier: 0.3), rounds: 5, delta: 1e-6)
        #expect(try plan.rounds(for: 0.5) == 0)
    }

    @Test func epsilonFallsWithNoiseAndGrowsWithRounds() throws {
        let plan = PrivacyPlan(
            mechanism: .gaussian(noiseMultiplier: 1, samplingRate: 0.1), rounds: 30, delta: 1e-4)
        let byNoise = try [0.6, 0.8, 1, 1.5, 3, 10].map { try plan.with(noiseMultiplier: $0).epsilon() }
        let byRounds = try [1, 2, 10, 31, 100, 1000].map { try plan.with(rounds: $0).epsilon() }
        #expect(zip(byNoise, byNoise.dropFirst()).allSatisfy { $0 > $1 })
        #expect(zip(byRounds, byRounds.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func unreachableTargetsAreNamed() {
        // Sampling cannot help, and the noise range ends.
        let plan = PrivacyPlan(mechanism: .gaussian(noiseMultiplier: 1), rounds: 1 << 40, delta: 1e-12)
        #expect(throws: AccountingError.self) { try plan.noise(for: 1e-6) }
        #expect(throws: AccountingError.self) { try plan.noise(for: .nan) }
    }
}
