extension PrivacyMechanism {
    /// Whether adding and removing a client look the same.
    var isSymmetric: Bool {
        switch self {
        case .gaussian(_, let rate), .scalarDiscreteGaussian(_, _, let rate), .scalarSkellam(_, _, let rate): rate == 1
        default: false
        }
    }

    /// The discretized privacy loss of one release. Throws `.lossTooWide` where a larger step is needed.
    func lossDistribution(
        _ adjacency: Adjacency, grid: LossGrid
    ) throws(AccountingError) -> PrivacyLossDistribution {
        switch self {
        case .gaussian(let noise, let rate):
            let loss = SampledGaussianLoss(adjacency: adjacency, rate: rate, deviation: noise)
            return try loss.distribution(on: grid)
        case .gaussianTruncatedPoisson(let noise, let rate, let maximum, let population):
            return try Self.truncatedPoisson(
                adjacency, noise: noise, rate: rate, maximum: maximum, population: population, grid: grid)
        case .scalarDiscreteGaussian(let sigma, let shift, let rate):
            let noise = IntegerNoise.discreteGaussian(sigma: sigma, reserve: 2 * shift)
            return try noise.distribution(adjacency: adjacency, shift: shift, rate: rate, grid: grid)
        case .scalarSkellam(let deviation, let shift, let rate):
            let noise = IntegerNoise.skellam(variance: deviation * deviation, reserve: 2 * shift)
            return try noise.distribution(adjacency: adjacency, shift: shift, rate: rate, grid: grid)
        case .gaussianWithoutReplacement, .tree, .zeroConcentrated, .distributedDiscreteGaussian, .distributedSkellam:
            throw .unsupported(mechanism: name, accountant: .pld)
        }
    }

    /// The adversary is told whether the sample was cut, which can only help. If it was not, this is plain Poisson
    /// sampling. If it was, one client more or less may push another one out of the sample or let it in: no worse than
    /// replacing a client at the conditional rate. The analysis of `dp-accounting`, supplementary material, section 4.3.
    private static func truncatedPoisson(
        _ adjacency: Adjacency, noise: Double, rate: Double, maximum: Int, population: Int, grid: LossGrid
    ) throws(AccountingError) -> PrivacyLossDistribution {
        let plain = try SampledGaussianLoss(adjacency: adjacency, rate: rate, deviation: noise)
            .distribution(on: grid)
        // Given that the client is sampled, P(the sample is cut); then, given a cut, P(the client stays in).
        let cut = NumericTail.binomialTail(above: maximum - 1, trials: population - 1, rate: rate)
        if cut == 0 { return plain }
        let fullShare = Double(maximum) / Double(population)
        let kept = NumericTail.binomialTail(above: maximum, trials: population, rate: rate) * fullShare / cut
        let replaced = SampledGaussianLoss(pair: .replace, rate: min(1, kept), deviation: noise / 2)
        return try plain.mixed(with: replaced.distribution(on: grid), weight: cut)
    }
}
