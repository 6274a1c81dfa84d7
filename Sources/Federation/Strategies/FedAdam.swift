/// Adaptive server optimizer (Reddi et al. 2021, arXiv:2003.00295, algorithm 2, FedAdam):
/// `m ← β₁·m + (1−β₁)·Δ`, `v ← β₂·v + (1−β₂)·Δ²`, `w ← w + η·m/(√v + τ)`; v starts at τ².
public struct FedAdam: Strategy {
    /// Server learning rate η.
    public var learningRate: Float
    /// Decay of the first moment.
    public var beta1: Float
    /// Decay of the second moment.
    public var beta2: Float
    /// Degree of adaptivity.
    public var tau: Float

    /// Makes the strategy.
    public init(learningRate: Float, beta1: Float = 0.9, beta2: Float = 0.99, tau: Float = 1e-3) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.tau = tau
    }

    /// Moves the master by the adaptive step.
    public func apply(_ aggregate: [Float], range: Range<Int>, to master: inout [Float], state: inout StrategyState) {
        state.beginMoments(count: master.count, second: tau * tau)
        for index in range {
            let delta = aggregate[index]
            let first = beta1 * state.first[index] + (1 - beta1) * delta
            let second = beta2 * state.second[index] + (1 - beta2) * delta * delta
            state.first[index] = first
            state.second[index] = second
            master[index] += learningRate * first / (second.squareRoot() + tau)
        }
    }
}

extension StrategyState {
    /// Fills empty moments with their first values.
    mutating func beginMoments(count: Int, second start: Float) {
        if first.isEmpty { first = [Float](repeating: 0, count: count) }
        if second.isEmpty { second = [Float](repeating: start, count: count) }
    }
}
