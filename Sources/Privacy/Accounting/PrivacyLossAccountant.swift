import Foundation

/// Tight accounting by privacy loss distributions.
///
/// ε is never below the exact value: losses are discretized pessimistically, tails count as infinite, and rounding is
/// covered by a margin of 10⁻⁸ of δ. Gaussian releases without sampling, and trees, are composed in closed form.
/// Cost: one discretization for each different mechanism, then a few transforms, whatever the number of rounds.
public struct PrivacyLossAccountant: Sendable {
    /// Grid step when none is given: that of Google's `dp-accounting`.
    public static let defaultSpacing = 1e-4
    /// Cells of one grid. A wider loss is put on a grid of twice the step, repeatedly.
    public static let maximumCellCount = 1 << 21

    /// Grid step to start from; in (0, 1]. Half the step costs twice the time.
    public var spacing: Double { grid.spacing }
    /// How losses are put on the grid.
    public var rounding: LossRounding { grid.rounding }
    private let grid: LossGrid
    private var counts: [(mechanism: PrivacyMechanism, count: Int)] = []
    /// Σ count/σ² over releases that are plain Gaussians.
    private var gaussianPrecision = 0.0
    private var discretized: [Key: LossComposition.Part] = [:]
    private var transforms = FourierTransforms()

    private struct Key: Hashable {
        let mechanism: PrivacyMechanism
        let adjacency: Adjacency
        let grid: LossGrid
    }

    /// An accountant of no releases yet.
    public init(
        spacing: Double = PrivacyLossAccountant.defaultSpacing, rounding: LossRounding = .connectingDots
    ) {
        precondition(spacing > 0 && spacing <= 1, "the grid step is in (0, 1]")
        grid = LossGrid(spacing: spacing, rounding: rounding)
    }

    /// Adds a release. Throws `.unsupported` for mechanisms that only the Rényi accountant knows: sums of vectors with
    /// integer noise, sampling without replacement and zCDP.
    public mutating func compose(_ release: ComposedMechanism) throws(AccountingError) {
        try release.validate()
        switch release.mechanism {
        case .gaussian(_, samplingRate: 0), .gaussianTruncatedPoisson(_, samplingRate: 0, _, _),
            .scalarDiscreteGaussian(_, _, samplingRate: 0), .scalarSkellam(_, _, samplingRate: 0):
            return
        case .gaussian(let noise, samplingRate: 1):
            gaussianPrecision += Double(release.count) / (noise * noise)
        case .tree(let noise, let leaves):
            let depth = RenyiDivergence.treeDepth(leaves: leaves)
            gaussianPrecision += Double(release.count) * Double(depth) / (noise * noise)
        case .gaussian, .gaussianTruncatedPoisson, .scalarDiscreteGaussian, .scalarSkellam:
            add(release)
        case .gaussianWithoutReplacement, .zeroConcentrated, .distributedDiscreteGaussian, .distributedSkellam:
            throw .unsupported(mechanism: release.mechanism.name, accountant: .pld)
        }
    }

    /// The least ε of (ε, δ)-DP for both directions of adjacency; infinite if δ is too small for any. δ in (0, 1).
    public mutating func epsilon(delta: Double) throws(AccountingError) -> Double {
        try AccountingError.require(delta > 0 && delta < 1, "delta", delta, "in (0, 1)")
        return try worst(
            gaussian: { $0.epsilon(delta: delta) },
            composed: { composition, floor, transforms throws(AccountingError) in
                try composition.epsilon(delta: delta, floor: floor, transforms: &transforms)
            })
    }

    /// The least δ of (ε, δ)-DP for both directions of adjacency. ε is at least 0.
    public mutating func delta(epsilon: Double) throws(AccountingError) -> Double {
        try AccountingError.require(epsilon >= 0 && epsilon.isFinite, "epsilon", epsilon, "at least 0")
        return try worst(
            gaussian: { $0.delta(epsilon: epsilon) },
            composed: { composition, floor, transforms throws(AccountingError) in
                max(floor, try composition.delta(epsilon: epsilon, transforms: &transforms))
            })
    }

    private mutating func add(_ release: ComposedMechanism) {
        if release.count == 0 { return }
        if let index = counts.firstIndex(where: { $0.mechanism == release.mechanism }) {
            counts[index].count += release.count
        } else {
            counts.append((release.mechanism, release.count))
        }
    }

    private mutating func worst(
        gaussian: (GaussianTradeoff) -> Double,
        composed: (LossComposition, Double, inout FourierTransforms) throws(AccountingError) -> Double
    ) throws(AccountingError) -> Double {
        if counts.isEmpty {
            return gaussianPrecision == 0
                ? 0 : gaussian(GaussianTradeoff(noiseMultiplier: 1 / gaussianPrecision.squareRoot()))
        }
        var coarser = grid
        while true {
            do throws(AccountingError) {
                var worst = 0.0
                for adjacency in directions {
                    worst = try composed(composition(adjacency, grid: coarser), worst, &transforms)
                }
                return worst
            } catch .lossTooWide(let cells) {
                guard coarser.spacing < 1 else { throw .lossTooWide(cells: cells) }
                coarser.spacing *= 2
            }
        }
    }

    /// Both directions unless they are the same.
    private var directions: [Adjacency] {
        counts.allSatisfy { $0.mechanism.isSymmetric } ? [.remove] : Adjacency.allCases
    }

    private mutating func composition(
        _ adjacency: Adjacency, grid: LossGrid
    ) throws(AccountingError) -> LossComposition {
        var parts: [LossComposition.Part] = []
        if gaussianPrecision > 0 {
            let deviation = 1 / gaussianPrecision.squareRoot()
            let loss = SampledGaussianLoss(pair: .remove, rate: 1, deviation: deviation)
            parts.append(LossComposition.Part(try loss.distribution(on: grid), count: 1))
        }
        for (mechanism, count) in counts {
            let key = Key(mechanism: mechanism, adjacency: adjacency, grid: grid)
            if discretized[key] == nil {
                let distribution = try mechanism.lossDistribution(adjacency, grid: grid)
                discretized[key] = LossComposition.Part(distribution, count: 1)
            }
            if let part = discretized[key] { parts.append(part.repeated(count)) }
        }
        return LossComposition(parts)
    }
}
