import Foundation

/// The worst case of membership inference against one noisy sum: the attacker knows every other update and chose the
/// victim's, and has to tell from the release whether it is in.
public struct MembershipGame: Sendable {
    /// Releases with the victim and as many without.
    public let trialCount: Int

    /// A game of so many trials.
    public init(trialCount: Int) {
        precondition(trialCount >= 1)
        self.trialCount = trialCount
    }

    /// The part of pairs, one release with the victim and one without, in which the best score is higher with it: the
    /// area under the attacker's ROC curve.
    ///
    /// - Parameters:
    ///   - victim: the update, clipped, in units of the noise's grid.
    ///   - noise: what a release adds, freshly drawn.
    public func areaUnderCurve(victim: [Int64], noise: () -> [Int64]) -> Double {
        let with = (0..<trialCount).map { _ in score(zip(noise(), victim).map { $0 &+ $1 }, victim) }
        let without = (0..<trialCount).map { _ in score(noise(), victim) }.sorted()
        let wins = with.reduce(0) { sum, score in sum + (without.firstIndex { $0 >= score } ?? trialCount) }
        return Double(wins) / (Double(trialCount) * Double(trialCount))
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
