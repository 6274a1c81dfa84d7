import Datasets
import Foundation
import Privacy
import Tensors

/// What attacks achieve against what this system releases, in figures.
public struct AttackReport: Codable, Sendable {
    /// One figure.
    public struct Figure: Codable, Sendable {
        /// What was attacked.
        public var target: String
        /// What the attack achieved.
        public var value: Double
        /// What it is compared with; nil where nothing is.
        public var reference: Double?
        /// Half of the 95 % confidence interval of the value; nil where it is no estimate.
        public var margin: Double?
    }

    /// Mean quality of recovered pictures in dB, against that of a blind guess of the mean picture.
    public var inversion: [Figure] = []
    /// Area under the curve of worst-case membership inference, against Φ(1/(z√2)).
    public var membership: [Figure] = []
    /// Lower bound on ε from one run, against the ε that the accountant claims.
    public var audit: [Figure] = []

    /// Pictures that are attacked.
    public static let pictureCount = 200
    /// Clients whose updates are summed.
    public static let cohort = 100

    /// Runs every attack.
    ///
    /// - Parameter pictures: at least `pictureCount` of them, values in 0...1.
    /// - Throws: `NodeError.configuration` for too few pictures, `PrivacyError`, `AccountingError`.
    public init(pictures: Dataset, seed: Seed) throws {
        guard pictures.sampleCount >= max(Self.pictureCount, Self.cohort) else {
            throw NodeError.configuration("the attack needs \(Self.pictureCount) pictures")
        }
        inversion = try InversionFigures(pictures: pictures, seed: seed.derived("inversion")).figures()
        for noise in [0.5, 1, 2] { membership.append(try Self.membership(noise, seed.derived("membership"))) }
        audit = [
            try Self.audit("gaussian, z = 1", noise: 1, drawn: 1, seed.derived("audit", 1)),
            try Self.audit("gaussian, z = 2", noise: 2, drawn: 2, seed.derived("audit", 2)),
            try Self.audit("planted bug: z = 2 claimed, 0.2 drawn", noise: 2, drawn: 0.2, seed.derived("audit", 3)),
        ]
    }

    private static func membership(_ noiseMultiplier: Double, _ seed: Seed) throws -> Figure {
        let count = 4
        let noise = try CentralNoise(
            noiseMultiplier: noiseMultiplier, clip: 0.5, parameterCount: count, fractionBits: 28)
        var random = SeededRandom(seed)
        let victim = [Int64](repeating: Int64(0x1p27) / 2, count: count)
        let area = MembershipGame(trialCount: 50_000).areaUnderCurve(victim: victim) {
            noise.draw(count, using: &random)
        }
        return Figure(
            target: "one release, z = \(noiseMultiplier)", value: area.value,
            reference: MembershipGame.bound(noiseMultiplier: noiseMultiplier), margin: 1.96 * area.standardError)
    }

    /// Canaries of norm ½ in coordinates of their own, all in one sum.
    private static func audit(_ target: String, noise: Double, drawn: Double, _ seed: Seed) throws -> Figure {
        let audit = OneRunAudit(canaryCount: 2000, guessCount: 400, delta: 1e-5)
        var random = SeededRandom(seed)
        let included = audit.draw(using: &random)
        let central = try CentralNoise(
            noiseMultiplier: drawn, clip: 0.5, parameterCount: included.count, fractionBits: 28)
        let release = zip(central.draw(included.count, using: &random), included).map { noise, isIn in
            Double(noise + (isIn ? Int64(0x1p27) : 0))
        }
        let claim = try PrivacyPlan(
            mechanism: .gaussian(noiseMultiplier: noise), rounds: 1, delta: audit.delta
        ).epsilon()
        return Figure(
            target: target, value: audit.lowerBound(included: included, scores: release), reference: claim)
    }
}
