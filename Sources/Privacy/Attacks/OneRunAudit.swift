import Foundation

/// A lower bound on ε from a single run of a mechanism, by guessing which of many canaries it was given: Steinke, Nasr
/// and Jagielski 2023 (arXiv:2305.08846), Algorithm 1 and Theorem 5.2.
///
/// A bound above the ε that the accountant claims means that the mechanism is broken. One below proves nothing.
public struct OneRunAudit: Sendable {
    /// Canaries, each included with probability one half.
    public let canaryCount: Int
    /// Guesses at the two ends of the scores; the canaries between them are passed over. Even, at most `canaryCount`.
    public let guessCount: Int
    /// δ that is granted to the mechanism.
    public let delta: Double
    /// Probability that the bound exceeds the true ε of a mechanism that is sound.
    public let significance: Double

    /// An audit; by default every canary is guessed at, and the bound is wrong once in a thousand times.
    public init(canaryCount: Int, guessCount: Int? = nil, delta: Double, significance: Double = 1e-3) {
        precondition(canaryCount >= 2 && (guessCount ?? 2) <= canaryCount)
        self.canaryCount = canaryCount
        self.guessCount = (guessCount ?? canaryCount) / 2 * 2
        self.delta = delta
        self.significance = significance
    }

    /// Which canaries are in, by fair coins.
    public func draw(using random: inout some RandomNumberGenerator) -> [Bool] {
        (0..<canaryCount).map { _ in random.next() & 1 == 1 }
    }

    /// The lower bound on ε from what a run made of the canaries.
    ///
    /// - Parameters:
    ///   - included: which ones were in.
    ///   - scores: one each; the higher, the more likely it was in.
    public func lowerBound(included: [Bool], scores: [Double]) -> Double {
        precondition(included.count == canaryCount && scores.count == canaryCount)
        let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
        let outs = order.prefix(guessCount / 2).count { !included[$0] }
        let ins = order.suffix(guessCount / 2).count { included[$0] }
        return lowerBound(correct: outs + ins)
    }

    /// The largest ε that so many right guesses rule out.
    public func lowerBound(correct: Int) -> Double {
        guard pValue(correct: correct, epsilon: 0) < significance else { return 0 }
        var (low, high) = (0.0, 1.0)
        while pValue(correct: correct, epsilon: high) < significance, high < 64 { (low, high) = (high, 2 * high) }
        for _ in 0..<50 {
            let middle = (low + high) / 2
            if pValue(correct: correct, epsilon: middle) < significance { low = middle } else { high = middle }
        }
        return low
    }

    /// Bound on the probability that an (ε, δ)-private mechanism lets anybody guess so well.
    private func pValue(correct: Int, epsilon: Double) -> Double {
        let rate = 1 / (1 + exp(-epsilon))
        let tail = { (above: Int) in NumericTail.binomialTail(above: above, trials: guessCount, rate: rate) }
        let beta = tail(correct - 1)
        guard delta > 0, correct > 0 else { return min(beta, 1) }
        var alpha = 0.0
        for missing in 1...correct {
            alpha = max(alpha, (tail(correct - missing - 1) - beta) / Double(missing))
        }
        return min(beta + 2 * Double(canaryCount) * delta * alpha, 1)
    }
}
