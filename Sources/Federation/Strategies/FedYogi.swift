/// Adaptive server optimizer (Reddi et al. 2021, arXiv:2003.00295, algorithm 2, FedYogi): as `FedAdam`, but
/// `v ← v − (1−β₂)·Δ²·sign(v − Δ²)`.
public struct FedYogi: Strategy {
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
            let square = aggregate[index] * aggregate[index]
            let first = beta1 * state.first[index] + (1 - beta1) * aggregate[index]
            let old = state.second[index]
            let direction: Float = old > square ? 1 : (old < square ? -1 : 0)
            let second = max(0, old - (1 - beta2) * square * direction)
            state.first[index] = first
            state.second[index] = second
            master[index] += learningRate * first / (second.squareRoot() + tau)
        }
    }
}
