/// Federated averaging with a server learning rate (McMahan et al. 2017, arXiv:1602.05629, algorithm 1):
/// `w ← w + η·Δ`.
public struct FedAvg: Strategy {
    /// Server learning rate η.
    public var learningRate: Float

    /// Makes the strategy.
    public init(learningRate: Float = 1) { self.learningRate = learningRate }

    /// Moves the master along the mean update.
    public func apply(_ aggregate: [Float], range: Range<Int>, to master: inout [Float], state: inout StrategyState) {
        for index in range { master[index] += learningRate * aggregate[index] }
    }
}
