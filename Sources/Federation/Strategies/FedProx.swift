/// Federated averaging whose clients add `μ/2·‖w − w_received‖²` to their loss (Li et al. 2020, arXiv:1812.06127,
/// algorithm 2).
public struct FedProx: Strategy {
    /// Server learning rate.
    public var learningRate: Float
    /// Weight μ of the proximal term.
    public var proximal: Float

    /// Makes the strategy.
    public init(learningRate: Float = 1, proximal: Float) {
        self.learningRate = learningRate
        self.proximal = proximal
    }

    /// The plan with the proximal term.
    public func localPlan(_ plan: LocalPlan) -> LocalPlan {
        var plan = plan
        plan.proximal = proximal
        return plan
    }

    /// Moves the master along the mean update.
    public func apply(_ aggregate: [Float], range: Range<Int>, to master: inout [Float], state: inout StrategyState) {
        FedAvg(learningRate: learningRate).apply(aggregate, range: range, to: &master, state: &state)
    }
}
