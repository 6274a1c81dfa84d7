import Foundation

/// The worst case of membership inference against one noisy sum: the attacker knows every other update and chose the
/// victim's, and has to tell from the release whether it is in.
public struct MembershipGame: Sendable {
    /// What an attacker achieved.
    public struct Area: Hashable, Sendable {
        /// Area under the ROC curve.
        public let value: Double
        /// Standard deviation of that estimate over repetitions of the game.
        public let standardError: Double
    }

    /// Releases with the victim and as many without.
    public let trialCount: Int

    /// A game of so many trials.
    public init(trialCount: Int) {
        precondition(trialCount >= 2)
        self.trialCount = trialCount
    }

    /// The part of pairs, one release with the victim and one without, in which the best score is higher with it: the
    /// area under the attacker's ROC curve. Its error is that of DeLong, DeLong and Clarke-Pearson 1988
    /// (doi:10.2307/2531595).
    ///
    /// - Parameters:
    ///   - victim: the update, clipped, in units of the noise's grid.
    ///   - noise: what a release adds, freshly drawn.
    public func areaUnderCurve(victim: [Int64], noise: () -> [Int64]) -> Area {
        let with = (0..<trialCount).map { _ in score(zip(noise(), victim).map { $0 &+ $1 }, victim) }.sorted()
        let without = (0..<trialCount).map { _ in score(noise(), victim) }.sorted()
        let count = Double(trialCount)
        let beaten = Self.below(with, without).map { Double($0) / count }
        let beating = Self.below(without, with).map { 1 - Double($0) / count }
        return Area(
            value: beaten.reduce(0, +) / count,
            standardError: ((Self.variance(beaten) + Self.variance(beating)) / count).squareRoot())
    }

    /// For each of some ascending scores how many of the others are below it.
    private static func below(_ scores: [Double], _ others: [Double]) -> [Int] {
        var passed = 0
        return scores.map { score in
            while passed < others.count, others[passed] < score { passed += 1 }
            return passed
        }
    }

    private static func variance(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }

    /// What no attacker exceeds against Gaussian noise of this multiplier: Φ(1/(z√2)).
    public static func bound(noiseMultiplier: Double) -> Double {
        erfc(-1 / (2 * noiseMultiplier)) / 2
    }

    /// The likelihood ratio grows with the projection on the victim.
    private func score(_ release: [Int64], _ victim: [Int64]) -> Double {
        zip(release, victim).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    }
}
