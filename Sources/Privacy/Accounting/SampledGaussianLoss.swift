import Foundation

/// The privacy loss of sampled Gaussian noise along y, the outcome in units of the sensitivity, turned so that the
/// loss never falls as y grows. With probability `rate` the outcome is shifted by 1.
struct SampledGaussianLoss {
    enum Pair {
        case remove
        case add
        /// One shift against the opposite one: an upper bound for replacing a client.
        case replace
    }

    let pair: Pair
    let rate: Double
    let deviation: Double

    /// Deviations of the noise covered on each side; 10⁻³² of the mass lies outside.
    private static let reach = 12.0
    /// Widest piece of the three-point rule, in units of the narrower of σ and σ², which bounds its error by 10⁻⁹.
    private static let widestPiece = 0.05
    /// Below this width two points do as well.
    private static let narrowPiece = 0.002
    /// Gauss–Legendre nodes and weights on [−1, 1].
    private static let threePoints = [(-0.7745966692414834, 5.0 / 9), (0, 8.0 / 9), (0.7745966692414834, 5.0 / 9)]
    private static let twoPoints = [(-0.5773502691896257, 1.0), (0.5773502691896257, 1.0)]

    init(pair: Pair, rate: Double, deviation: Double) {
        self.pair = pair
        self.rate = rate
        self.deviation = deviation
    }

    init(adjacency: Adjacency, rate: Double, deviation: Double) {
        self.init(pair: adjacency == .remove ? .remove : .add, rate: rate, deviation: deviation)
    }

    private var lowestOutcome: Double { -Self.reach * deviation - (pair == .replace ? 1 : 0) }
    private var highestOutcome: Double { Self.reach * deviation + (pair == .add ? 0 : 1) }

    var lowestLoss: Double { loss(at: lowestOutcome) }
    var highestLoss: Double { loss(at: highestOutcome) }

    /// log of the mixture's density over the unshifted one's.
    private func logRatio(_ y: Double) -> Double {
        let shifted = (2 * y - 1) / (2 * deviation * deviation)
        if shifted > 30 { return shifted + log(rate + (1 - rate) * exp(-shifted)) }
        return log1p(rate * expm1(shifted))
    }

    func loss(at y: Double) -> Double {
        switch pair {
        case .remove: logRatio(y)
        case .add: -logRatio(-y)
        case .replace: logRatio(y) - logRatio(-y)
        }
    }

    /// The least outcome with at least this loss, before clamping to the outcomes covered.
    private func outcome(at loss: Double) -> Double {
        switch pair {
        case .remove: unshifted(loss)
        case .add: -unshifted(-loss)
        case .replace: replacedOutcome(loss)
        }
    }

    /// The outcome where `logRatio` is `value`; −∞ below its range.
    private func unshifted(_ value: Double) -> Double {
        let excess = expm1(value) / rate
        guard excess > -1 else { return -.infinity }
        let exponent = value > 300 ? value - log(rate) : log1p(excess)
        return deviation * deviation * exponent + 0.5
    }

    /// With z = e^(y/σ²) the loss is log((c + kz)/(c + k/z)): a quadratic in z, solved in its stable form.
    private func replacedOutcome(_ loss: Double) -> Double {
        let variance = deviation * deviation
        let k = rate * exp(-1 / (2 * variance))
        guard k > 0 else { return loss < 0 ? -.infinity : .infinity }
        return variance * (loss / 2 + asinh((1 - rate) * sinh(loss / 2) / k))
    }

    /// The discretized loss.
    func distribution(on grid: LossGrid) throws(AccountingError) -> PrivacyLossDistribution {
        let range = (lowest: lowestLoss, highest: highestLoss)
        var result = try PrivacyLossDistribution(grid: grid, lowest: range.lowest, highest: range.highest)
        let (first, last) = (lowestOutcome, highestOutcome)
        var start = first
        for cell in 0..<result.probabilities.count - 1 where start < last {
            let edge = outcome(at: Double(result.lowerIndex + cell + 1) * grid.spacing)
            let end = cell == result.probabilities.count - 2 ? last : min(last, max(start, edge))
            integrate(from: start, to: end, cell: cell, into: &result)
            start = end
        }
        // Below the range the loss is lower still; above it nothing is known.
        let tail = erfc(Self.reach / 2.0.squareRoot()) / 2
        result.add(tail, loss: range.lowest)
        result.addInfinite(tail)
        return result
    }

    private func integrate(from start: Double, to end: Double, cell: Int, into result: inout PrivacyLossDistribution) {
        guard end > start else { return }
        let scale = min(deviation, deviation * deviation)
        let rule = end - start < Self.narrowPiece * scale ? Self.twoPoints : Self.threePoints
        let pieceCount = max(1, ((end - start) / (Self.widestPiece * scale)).rounded(.up))
        let half = (end - start) / pieceCount / 2
        let norm = half / (deviation * (2 * Double.pi).squareRoot())
        var (upper, lower) = (0.0, 0.0)
        for piece in 0..<Int(pieceCount) {
            let middle = start + (2 * Double(piece) + 1) * half
            for (node, weight) in rule {
                let densities = densities(at: middle + half * node)
                upper += weight * densities.upper
                lower += weight * densities.lower
            }
        }
        result.add(norm * upper, lower: norm * lower, cell: cell)
    }

    /// The densities of P and Q, but for the factor of a Gaussian's.
    private func densities(at y: Double) -> (upper: Double, lower: Double) {
        let precision = -1 / (2 * deviation * deviation)
        let plain = exp(precision * y * y)
        switch pair {
        case .remove: return (mixture(plain, exp(precision * (y - 1) * (y - 1))), plain)
        case .add: return (plain, mixture(plain, exp(precision * (y + 1) * (y + 1))))
        case .replace:
            return (
                mixture(plain, exp(precision * (y - 1) * (y - 1))), mixture(plain, exp(precision * (y + 1) * (y + 1)))
            )
        }
    }

    private func mixture(_ plain: Double, _ shifted: Double) -> Double {
        (1 - rate) * plain + rate * shifted
    }
}
