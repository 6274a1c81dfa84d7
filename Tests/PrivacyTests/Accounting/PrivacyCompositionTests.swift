import Foundation
import Privacy
import Testing

struct PrivacyCompositionTests {
    private static func epsilon(
        _ mechanism: PrivacyMechanism, count: Int, delta: Double, _ accountant: Accountant
    ) throws -> Double {
        var composition = PrivacyComposition(accountant: accountant)
        try composition.compose(ComposedMechanism(mechanism, count: count))
        return try composition.epsilon(delta: delta)
    }

    @Test func goldenFileIsComplete() {
        #expect(AccountingGolden.all.count == 111)
    }

    @Test(arguments: AccountingGolden.rows("rdp"))
    func renyiMatchesReference(_ row: AccountingGolden) throws {
        let epsilon = try Self.epsilon(row.mechanism, count: row.count, delta: row.delta, .rdp)
        #expect(abs(epsilon / row.epsilon - 1) < 1e-9)
    }

    @Test(arguments: AccountingGolden.rows("pld"))
    func lossDistributionMatchesReference(_ row: AccountingGolden) throws {
        let epsilon = try Self.epsilon(row.mechanism, count: row.count, delta: row.delta, .pld)
        #expect(abs(epsilon / row.epsilon - 1) < 1e-5)
    }

    @Test(arguments: AccountingGolden.rows("exact"))
    func lossDistributionIsNeverBelowExact(_ row: AccountingGolden) throws {
        let epsilon = try Self.epsilon(row.mechanism, count: row.count, delta: row.delta, .pld)
        #expect(epsilon >= row.epsilon)
        #expect(epsilon <= row.epsilon * (1 + 1e-9))
    }

    /// The exact δ of one sampled Gaussian release, in the worse of both directions.
    private static func exactDelta(rate: Double, noise: Double, epsilon: Double) -> Double {
        func upperTail(_ x: Double) -> Double { erfc(x / noise / 2.0.squareRoot()) / 2 }
        func threshold(_ loss: Double) -> Double {
            let excess = expm1(loss) / rate
            return excess > -1 ? noise * noise * log1p(excess) + 0.5 : -.infinity
        }
        let above = threshold(epsilon)
        let removed = (1 - rate) * upperTail(above) + rate * upperTail(above - 1) - exp(epsilon) * upperTail(above)
        let below = threshold(-epsilon)
        let mixture = (1 - rate) * upperTail(-below) + rate * upperTail(1 - below)
        return max(removed, upperTail(-below) - exp(epsilon) * mixture)
    }

    @Test(arguments: [0.001, 0.1, 0.5, 0.9], [0.4, 1.0, 3.0])
    func oneSampledReleaseIsTightFromAbove(rate: Double, noise: Double) throws {
        let mechanism = PrivacyMechanism.gaussian(noiseMultiplier: noise, samplingRate: rate)
        for delta in [1e-3, 1e-6, 1e-9] {
            let epsilon = try Self.epsilon(mechanism, count: 1, delta: delta, .pld)
            #expect(Self.exactDelta(rate: rate, noise: noise, epsilon: epsilon) <= delta)
            // Below this the grid step itself is more than a thousandth of ε.
            guard epsilon > 0.02 else { continue }
            #expect(Self.exactDelta(rate: rate, noise: noise, epsilon: epsilon * 0.999) > delta)
        }
    }

    /// The exact δ of two releases of integer noise, by all pairs of outcomes.
    private static func exactDelta(pair probabilities: [Int: Double], shift: Int, epsilon: Double) -> Double {
        var delta = 0.0
        for (x, atX) in probabilities {
            for (y, atY) in probabilities {
                let moved = (probabilities[x - shift] ?? 0) * (probabilities[y - shift] ?? 0)
                delta += max(0, atX * atY - exp(epsilon) * moved)
            }
        }
        return delta
    }

    @Test(arguments: [1, 2], [LossRounding.connectingDots, .up])
    func integerNoiseIsTightFromAbove(shift: Int, rounding: LossRounding) throws {
        let sigma = 1.5
        let weights = (-25...25).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
        let total = weights.reduce(0, +)
        let noise = Dictionary(uniqueKeysWithValues: zip(-25...25, weights.map { $0 / total }))
        var composition = PrivacyComposition(accountant: .pld, rounding: rounding)
        let mechanism = PrivacyMechanism.scalarDiscreteGaussian(sigma: sigma, sensitivity: shift)
        try composition.compose(ComposedMechanism(mechanism, count: 2))
        for delta in [1e-2, 1e-4, 1e-7] {
            let epsilon = try composition.epsilon(delta: delta)
            #expect(Self.exactDelta(pair: noise, shift: shift, epsilon: epsilon) <= delta)
            #expect(Self.exactDelta(pair: noise, shift: shift, epsilon: epsilon * 0.999) > delta)
        }
    }

    @Test(arguments: [Accountant.rdp, .pld])
    func deltaAndEpsilonAreInverse(_ accountant: Accountant) throws {
        var composition = PrivacyComposition(accountant: accountant)
        try composition.compose(ComposedMechanism(.gaussian(noiseMultiplier: 1.2, samplingRate: 0.1), count: 50))
        for delta in [1e-3, 1e-5, 1e-8] {
            let epsilon = try composition.epsilon(delta: delta)
            let back = try composition.delta(epsilon: epsilon)
            #expect(abs(back / delta - 1) < 1e-5)
        }
    }

    @Test(arguments: [Accountant.rdp, .pld])
    func compositionIsAssociativeOverMixedReleases(_ accountant: Accountant) throws {
        let releases = [
            ComposedMechanism(.gaussian(noiseMultiplier: 1.5, samplingRate: 0.05), count: 40),
            ComposedMechanism(.gaussian(noiseMultiplier: 8), count: 3),
            ComposedMechanism(.scalarDiscreteGaussian(sigma: 5), count: 2),
        ]
        var forward = PrivacyComposition(accountant: accountant)
        var split = PrivacyComposition(accountant: accountant)
        for release in releases { try forward.compose(release) }
        for release in releases.reversed() {
            for _ in 0..<release.count { try split.compose(ComposedMechanism(release.mechanism)) }
        }
        let expected = try forward.epsilon(delta: 1e-5)
        #expect(abs(try split.epsilon(delta: 1e-5) / expected - 1) < 1e-9)
        var alone = PrivacyComposition(accountant: accountant)
        try alone.compose(releases[0])
        #expect(try alone.epsilon(delta: 1e-5) < expected)
    }

    @Test(arguments: [0.01, 0.2, 1], [0.7, 2.0])
    func lossDistributionIsAtMostRenyi(rate: Double, noise: Double) throws {
        let mechanism = PrivacyMechanism.gaussian(noiseMultiplier: noise, samplingRate: rate)
        for count in [1, 17, 300] {
            let tight = try Self.epsilon(mechanism, count: count, delta: 1e-5, .pld)
            let renyi = try Self.epsilon(mechanism, count: count, delta: 1e-5, .rdp)
            #expect(tight <= renyi)
        }
    }

    @Test func wideLossesMoveToACoarserGrid() throws {
        let mechanism = PrivacyMechanism.gaussian(noiseMultiplier: 0.1, samplingRate: 0.5)
        let epsilon = try Self.epsilon(mechanism, count: 20, delta: 1e-5, .pld)
        let renyi = try Self.epsilon(mechanism, count: 20, delta: 1e-5, .rdp)
        #expect(epsilon > 500 && epsilon <= renyi)
    }

    @Test func nothingReleasedCostsNothing() throws {
        for accountant in Accountant.allCases {
            var composition = PrivacyComposition(accountant: accountant)
            #expect(try composition.epsilon(delta: 1e-9) == 0)
            try composition.compose(ComposedMechanism(.gaussian(noiseMultiplier: 1, samplingRate: 0), count: 10))
            try composition.compose(ComposedMechanism(.gaussian(noiseMultiplier: 1, samplingRate: 0.5), count: 0))
            #expect(try composition.epsilon(delta: 1e-9) == 0)
        }
    }

    @Test func treesAreGaussiansOfTheirDepth() throws {
        for (leaves, depth) in [(1, 1), (2, 2), (3, 2), (64, 7), (100, 7), (1023, 10), (1024, 11)] {
            let tree = try Self.epsilon(.tree(noiseMultiplier: 9, leafCount: leaves), count: 2, delta: 1e-5, .pld)
            let plain = try Self.epsilon(.gaussian(noiseMultiplier: 9), count: 2 * depth, delta: 1e-5, .pld)
            #expect(abs(tree / plain - 1) < 1e-12)
        }
    }

    @Test func sharedSampleIsOneGaussian() {
        let joint = PrivacyMechanism.gaussian(sharingSample: [3, 4], samplingRate: 0.2)
        #expect(joint == .gaussian(noiseMultiplier: 2.4, samplingRate: 0.2))
    }

    @Test func roundingInflatesAsTheReferenceSays() {
        let rows = [(1024, 64.0, 1.0402073), (16384, 16, 4.1608292), (131072, 4, 45.393432), (8192, 1000, 1.0015454)]
        for (dimension, scale, inflation) in rows {
            let noise = DistributedNoise(clientCount: 10, dimension: dimension, scale: scale, centralDeviation: 1)
            #expect(abs(noise.roundingInflation / inflation - 1) < 1e-7)
        }
    }

    @Test(arguments: [
        PrivacyMechanism.gaussian(noiseMultiplier: 0), .gaussian(noiseMultiplier: .nan),
        .gaussian(noiseMultiplier: 1, samplingRate: 1.1), .gaussian(noiseMultiplier: 1, samplingRate: .nan),
        .gaussianWithoutReplacement(noiseMultiplier: 1, sampleSize: 11, populationSize: 10),
        .tree(noiseMultiplier: 1, leafCount: 0), .zeroConcentrated(rho: -1), .zeroConcentrated(rho: .infinity),
        .scalarSkellam(deviation: 1e9), .scalarDiscreteGaussian(sigma: 1, sensitivity: 0),
        .distributedSkellam(DistributedNoise(clientCount: 0, dimension: 1, scale: 1, centralDeviation: 1)),
        .distributedSkellam(
            DistributedNoise(clientCount: 1, dimension: 1, scale: 1, centralDeviation: 1, roundingBeta: 1)),
    ])
    func refusesParametersOutOfRange(_ mechanism: PrivacyMechanism) {
        for accountant in Accountant.allCases {
            var composition = PrivacyComposition(accountant: accountant)
            #expect(throws: AccountingError.self) { try composition.compose(ComposedMechanism(mechanism)) }
            #expect(composition.releases.isEmpty)
        }
    }

    @Test func refusesWhatAnAccountantCannotAnalyse() {
        var losses = PrivacyComposition(accountant: .pld)
        #expect(throws: AccountingError.unsupported(mechanism: "zcdp", accountant: .pld)) {
            try losses.compose(ComposedMechanism(.zeroConcentrated(rho: 0.1)))
        }
        var renyi = PrivacyComposition(accountant: .rdp)
        #expect(throws: AccountingError.unsupported(mechanism: "gaussian-truncated-poisson", accountant: .rdp)) {
            try renyi.compose(
                ComposedMechanism(
                    .gaussianTruncatedPoisson(
                        noiseMultiplier: 1, samplingRate: 0.1, maximumSampleSize: 10, populationSize: 50)))
        }
    }

    @Test(arguments: [0, 1, -1, .nan]) func refusesDeltaOutOfRange(_ delta: Double) {
        var composition = PrivacyComposition(accountant: .pld)
        #expect(throws: AccountingError.self) { try composition.epsilon(delta: delta) }
    }
}
