/// Federated averaging with server momentum (Hsu et al. 2019, arXiv:1909.06335, section 4.3):
/// `v ← β·v + Δ`, `w ← w + η·v`.
public struct FedAvgM: Strategy {
    /// Server learning rate η.
    public var learningRate: Float
    /// Momentum β.
    public var momentum: Float

    /// Makes the strategy.
    public init(learningRate: Float = 1, momentum: Float) {
        self.learningRate = learningRate
        self.momentum = momentum
    }

    /// Moves the master along the accumulated updates.
    public func apply(_ aggregate: [Float], range: Range<Int>, to master: inout [Float], state: inout StrategyState) {
        if state.first.isEmpty { state.first = [Float](repeating: 0, count: master.count) }
        for index in range {
            state.first[index] = momentum * state.first[index] + aggregate[index]
            master[index] += learningRate * state.first[index]
        }
    }
}
