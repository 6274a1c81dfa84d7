import Tensors

/// How clients train and how their mean update moves the global model: one short hook on either side.
public protocol Strategy: Sendable {
    /// The plan that clients get, made from the configured one.
    func localPlan(_ plan: LocalPlan) -> LocalPlan

    /// Moves the trained tensors of the master.
    ///
    /// - Parameters:
    ///   - aggregate: weighted mean of the updates, one value per parameter.
    ///   - range: the parameters to move; the others are left alone.
    ///   - master: the float master, changed in place.
    ///   - state: what the strategy remembers, as long as the master or empty at the start.
    func apply(_ aggregate: [Float], range: Range<Int>, to master: inout [Float], state: inout StrategyState)
}

extension Strategy {
    /// The plan as it is.
    public func localPlan(_ plan: LocalPlan) -> LocalPlan { plan }
}

extension StrategySettings {
    /// The strategy with these settings.
    public func strategy() -> any Strategy {
        switch name {
        case .fedAvg: FedAvg(learningRate: learningRate)
        case .fedProx: FedProx(learningRate: learningRate, proximal: proximal)
        case .fedAvgM: FedAvgM(learningRate: learningRate, momentum: momentum)
        case .fedAdam: FedAdam(learningRate: learningRate, beta1: beta1, beta2: beta2, tau: tau)
        case .signVote: SignVote(learningRate: learningRate)
        case .fedYogi: FedYogi(learningRate: learningRate, beta1: beta1, beta2: beta2, tau: tau)
        }
    }
}

extension Strategy {
    /// Moves the whole master: trained tensors as the strategy says, measured ones by the plain mean.
    ///
    /// Batch-norm statistics are no gradients: momentum or adaptive steps would drive them to meaningless values.
    public func apply(
        _ aggregate: [Float], layout: ParameterLayout, to master: inout [Float], state: inout StrategyState
    ) {
        precondition(aggregate.count == layout.count && master.count == layout.count)
        for entry in layout.entries {
            if entry.kind == .statistic {
                for index in entry.range { master[index] += aggregate[index] }
            } else {
                apply(aggregate, range: entry.range, to: &master, state: &state)
            }
        }
    }
}
