import Foundation

/// The upper part of the distribution of a privacy loss, enough to read δ(ε) = E[max(0, 1 − e^(ε−L))] from its lowest
/// loss upwards.
struct LossTail {
    let spacing: Double
    /// Loss of the first probability, in steps.
    let lowerIndex: Int
    let probabilities: [Double]
    let infinityMass: Double

    var lowestLoss: Double { Double(lowerIndex) * spacing }

    /// The least ε ≥ 0 for this δ; nil if it lies below the lowest loss.
    func epsilon(delta: Double) -> Double? {
        if infinityMass > delta { return .infinity }
        var sums = Sums(upper: infinityMass, lower: 0)
        let decay = exp(-spacing)
        for index in probabilities.indices.reversed() {
            let next = sums.stepped(decay: decay)
            let loss = Double(lowerIndex + index) * spacing
            if next.upper - next.lower > delta {
                return max(0, loss + log((next.upper - delta) / next.lower))
            }
            if loss <= 0 { return 0 }
            sums = next
            sums.add(probabilities[index])
        }
        return nil
    }

    /// δ at an ε that is not below the lowest loss.
    func delta(epsilon: Double) -> Double {
        var sums = Sums(upper: infinityMass, lower: 0)
        let decay = exp(-spacing)
        for index in probabilities.indices.reversed() {
            let loss = Double(lowerIndex + index) * spacing
            sums = sums.stepped(decay: decay)
            if loss <= epsilon {
                return max(infinityMass, sums.upper - exp(epsilon - loss) * sums.lower)
            }
            sums.add(probabilities[index])
        }
        return sums.upper
    }

    /// P(L > loss) and E[e^(loss − L); L > loss], infinite losses counting in the first alone.
    private struct Sums {
        var upper: Double
        var lower: Double

        /// The same for a loss that is lower by one step, before its own mass is added.
        func stepped(decay: Double) -> Sums {
            Sums(upper: upper, lower: lower * decay)
        }

        mutating func add(_ mass: Double) {
            upper += mass
            lower += mass
        }
    }
}
