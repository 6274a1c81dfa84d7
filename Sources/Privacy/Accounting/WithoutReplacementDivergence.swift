import Foundation

/// Rényi bound of the Gaussian mechanism over a uniform sample without replacement: Wang, Balle and Kasiviswanathan
/// 2019 (arXiv:1808.00087), Theorem 27; Corollary 10 interpolates between integer orders.
struct WithoutReplacementDivergence {
    private let rate: Double
    private let deviation: Double
    /// log E[(shifted/noise − 1)^ℓ] under the noise, by ℓ/2 for even ℓ.
    private let logCentralMoments: [Double]

    /// Up to this order the bound uses the central moments; above it the looser term alone.
    private static let tightOrder = 256
    /// Below this deviation the looser term is always the smaller one.
    private static let leastTightDeviation = 0.1

    init(rate: Double, deviation: Double) {
        self.rate = rate
        self.deviation = deviation
        logCentralMoments =
            deviation < Self.leastTightDeviation
            ? [] : (0...Self.tightOrder / 2).map { Self.logCentralMoment(2 * $0, deviation: deviation) }
    }

    func value(at order: Double) -> Double {
        guard order > 1, order.isFinite else { return .infinity }
        let below = order.rounded(.down)
        let share = order - below
        let lower = logMoment(Int(below))
        if share == 0 { return lower / (order - 1) }
        return ((1 - share) * lower + share * logMoment(Int(below) + 1)) / (order - 1)
    }

    private func logMoment(_ order: Int) -> Double {
        if order < 2 { return 0 }
        var logCombinations = log(Double(order))
        var logExcess = -Double.infinity
        for j in 2...order {
            logCombinations += log(Double(order - j + 1) / Double(j))
            let term = logTerm(j, tight: order <= Self.tightOrder)
            logExcess = NumericTail.logSum(logExcess, term + Double(j) * log(rate) + logCombinations)
        }
        return NumericTail.logOnePlusExp(logExcess)
    }

    /// The smaller of the two bounds on the j-th term.
    private func logTerm(_ j: Int, tight: Bool) -> Double {
        let divergence = Double(j) / (2 * deviation * deviation)
        let loose = log(2) + Double(j - 1) * divergence
        if j == 2 { return min(log(4) + NumericTail.logAbsoluteExpMinusOne(divergence), loose) }
        guard tight, (j + 1) / 2 < logCentralMoments.count else { return loose }
        return min(loose, log(4) + 0.5 * (logCentralMoments[j / 2] + logCentralMoments[(j + 1) / 2]))
    }

    /// The ℓ-th forward difference of Theorem 27 as the integral it stands for, by the trapezoidal rule, which
    /// converges exponentially here. Taking the differences themselves would cancel to noise.
    private static func logCentralMoment(_ power: Int, deviation: Double) -> Double {
        if power == 0 { return 0 }
        let reach = deviation * (Double(power).squareRoot() + 12)
        let step = deviation / 6
        let nodeCount = Int((Double(power) + 2 * reach) / step) + 1
        let variance = deviation * deviation
        var sum = -Double.infinity
        for node in 0...nodeCount {
            let x = -reach + Double(node) * step
            let ratio = NumericTail.logAbsoluteExpMinusOne((2 * x - 1) / (2 * variance))
            sum = NumericTail.logSum(sum, Double(power) * ratio - x * x / (2 * variance))
        }
        return sum + log(step / (deviation * (2 * Double.pi).squareRoot()))
    }
}
