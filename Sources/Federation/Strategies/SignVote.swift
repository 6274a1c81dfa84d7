/// Majority vote (Bernstein et al. 2018, arXiv:1802.04434, algorithm 3): `w ← w + η·sign(Δ)`, where the sign of the mean
/// of sign updates is what the clients voted for, each with its weight.
///
/// Every parameter moves by η or, where the vote is a draw, not at all.
public struct SignVote: Strategy {
    /// The step η.
    public var learningRate: Float

    /// Makes the strategy.
    public init(learningRate: Float) { self.learningRate = learningRate }

    /// Moves the master by one step in the direction of the vote.
    public func apply(_ aggregate: [Float], range: Range<Int>, to master: inout [Float], state: inout StrategyState) {
        for index in range where aggregate[index] != 0 {
            master[index] += aggregate[index] > 0 ? learningRate : -learningRate
        }
    }
}
