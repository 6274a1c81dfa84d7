import Foundation

/// Upper bounds on the Rényi divergence of one release, by order.
///
/// What does not depend on the order is computed once, in `init`.
struct RenyiDivergence {
    private enum Form {
        case none
        /// D(α) = slope · α.
        case linear(slope: Double)
        case poissonGaussian(rate: Double, deviation: Double)
        case withoutReplacement(WithoutReplacementDivergence)
        /// A bound at integer orders; an order between takes the next integer's, as divergences grow with the order.
        case integer(IntegerOrderDivergence, samplingRate: Double)
    }

    private let form: Form

    init(of mechanism: PrivacyMechanism) throws(AccountingError) {
        switch mechanism {
        case .gaussian(let noise, let rate):
            form = Self.gaussian(noise: noise, rate: rate)
        case .gaussianWithoutReplacement(let noise, let sample, let population):
            if sample == 0 {
                form = .none
            } else if sample == population {
                form = .linear(slope: 1 / (2 * noise * noise))
            } else {
                let rate = Double(sample) / Double(population)
                form = .withoutReplacement(WithoutReplacementDivergence(rate: rate, deviation: noise))
            }
        case .gaussianTruncatedPoisson:
            throw .unsupported(mechanism: mechanism.name, accountant: .rdp)
        case .tree(let noise, let leaves):
            form = .linear(slope: Double(Self.treeDepth(leaves: leaves)) / (2 * noise * noise))
        case .zeroConcentrated(let rho):
            form = .linear(slope: rho)
        case .scalarDiscreteGaussian(let sigma, let sensitivity, let rate):
            let ratio = Double(sensitivity) / sigma
            form = .integer(.concentrated(ratio * ratio / 2), samplingRate: rate)
        case .scalarSkellam(let deviation, let sensitivity, let rate):
            let bound = Double(sensitivity)
            form = .integer(.skellam(l1: bound, l2: bound, variance: deviation * deviation), samplingRate: rate)
        case .distributedDiscreteGaussian(let noise, let rate):
            form = .integer(.discreteGaussianSum(of: noise), samplingRate: rate)
        case .distributedSkellam(let noise, let rate):
            form = .integer(.skellam(of: noise), samplingRate: rate)
        }
    }

    /// Nodes on the path from a leaf to the root of a tree over `leaves` rounds: ⌈log₂(leaves + 1)⌉, Kairouz et al.
    /// 2021 (arXiv:2103.00039), appendix D.
    static func treeDepth(leaves: Int) -> Int {
        Int.bitWidth - leaves.leadingZeroBitCount
    }

    /// The divergence at an order ≥ 1; infinite where the bound says nothing.
    func value(at order: Double) -> Double {
        switch form {
        case .none: return 0
        case .linear(let slope): return slope * order
        case .poissonGaussian(let rate, let deviation):
            return PoissonGaussianDivergence(rate: rate, deviation: deviation).value(at: order)
        case .withoutReplacement(let divergence):
            return divergence.value(at: order)
        case .integer(let divergence, let rate):
            let rounded = max(2, order.rounded(.up))
            guard rounded <= IntegerOrderDivergence.maximumOrder else { return .infinity }
            return divergence.value(at: Int(rounded), samplingRate: rate)
        }
    }

    private static func gaussian(noise: Double, rate: Double) -> Form {
        if rate == 0 { return .none }
        if rate == 1 { return .linear(slope: 1 / (2 * noise * noise)) }
        return .poissonGaussian(rate: rate, deviation: noise)
    }
}
