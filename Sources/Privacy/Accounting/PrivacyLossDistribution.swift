import Foundation

/// The distribution of the privacy loss log(P/Q) under P, on a grid of equal steps, for one direction of adjacency.
///
/// By default, mass between two grid points is divided between them so that neither its weight under P nor under Q changes. That is
/// the pessimistic discretization that "connects the dots" of the trade-off curve: Doroshenko et al. 2022
/// (arXiv:2207.04380), Algorithm 1. Every δ(ε) it gives is at least the exact one, after composition too.
struct PrivacyLossDistribution: Sendable {
    let grid: LossGrid
    /// Loss of the first probability, in steps.
    let lowerIndex: Int
    /// Probability under P of each grid point.
    private(set) var probabilities: [Double]
    /// Probability that the loss is infinite.
    private(set) var infinityMass: Double

    /// An empty distribution over the losses `lowest` … `highest`, both finite.
    init(grid: LossGrid, lowest: Double, highest: Double) throws(AccountingError) {
        let lower = (lowest / grid.spacing).rounded(.down)
        let upper = max(lower + 1, (highest / grid.spacing).rounded(.up))
        let cells = upper - lower + 1
        guard cells <= Double(PrivacyLossAccountant.maximumCellCount) else { throw .lossTooWide(cells: cells) }
        self.grid = grid
        lowerIndex = Int(lower)
        probabilities = Array(repeating: 0, count: Int(cells))
        infinityMass = 0
    }

    /// Distance of two grid points.
    var spacing: Double { grid.spacing }

    /// Adds mass with an unbounded or unknown loss.
    mutating func addInfinite(_ mass: Double) {
        infinityMass += mass
    }

    /// Adds mass at a loss within the grid; a loss below the grid counts as its lowest.
    mutating func add(_ mass: Double, loss: Double) {
        let cell = min(max(Int((loss / spacing).rounded(.down)) - lowerIndex, 0), probabilities.count - 2)
        let above = min(max(loss - Double(lowerIndex + cell) * spacing, 0), spacing)
        switch grid.rounding {
        case .connectingDots: divide(mass, upperShare: expm1(-above) / expm1(-spacing), cell: cell)
        case .up: divide(mass, upperShare: above > 1e-9 * spacing ? 1 : 0, cell: cell)
        }
    }

    /// Adds what P and Q have in the cell that starts `cell` steps above the lowest loss.
    mutating func add(_ mass: Double, lower: Double, cell: Int) {
        let loss = Double(lowerIndex + cell) * spacing
        guard grid.rounding == .connectingDots, mass > 0, loss < 700 else {
            return divide(mass, upperShare: 1, cell: cell)
        }
        let share = (1 - exp(loss) * (lower / mass)) / -expm1(-spacing)
        divide(mass, upperShare: min(max(share, 0), 1), cell: cell)
    }

    private mutating func divide(_ mass: Double, upperShare: Double, cell: Int) {
        let upper = mass * upperShare
        probabilities[cell + 1] += upper
        probabilities[cell] += mass - upper
    }

    /// The mixture in which `other` is drawn with probability `weight`. Both grids have the same step.
    func mixed(with other: PrivacyLossDistribution, weight: Double) throws(AccountingError) -> PrivacyLossDistribution {
        precondition(grid == other.grid, "mixed distributions share a grid")
        let lower = min(lowerIndex, other.lowerIndex)
        let upper = max(lowerIndex + probabilities.count, other.lowerIndex + other.probabilities.count) - 1
        var mixture = try PrivacyLossDistribution(
            grid: grid, lowest: Double(lower) * spacing, highest: Double(upper) * spacing)
        mixture.accumulate(self, weight: 1 - weight)
        mixture.accumulate(other, weight: weight)
        return mixture
    }

    private mutating func accumulate(_ other: PrivacyLossDistribution, weight: Double) {
        let offset = other.lowerIndex - lowerIndex
        for (index, mass) in other.probabilities.enumerated() {
            probabilities[min(max(index + offset, 0), probabilities.count - 1)] += weight * mass
        }
        infinityMass += weight * other.infinityMass
    }
}
