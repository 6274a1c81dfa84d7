import Foundation

/// log E[e^(tL)] of a privacy loss, bounded from above on a thinned grid: quick enough to search over t.
struct LossMoments: Sendable {
    private let losses: [Double]
    private let logMasses: [Double]

    private static let maximumNodeCount = 2048

    init(of distribution: PrivacyLossDistribution) {
        let cells = distribution.probabilities.count
        let group = max(1, (cells + Self.maximumNodeCount - 1) / Self.maximumNodeCount)
        var masses = [Double](repeating: 0, count: (cells + group - 1) / group + 1)
        // Dividing mass in proportion keeps the mean, and a chord lies above the convex e^(tL).
        for (cell, mass) in distribution.probabilities.enumerated() {
            let node = cell / group
            let share = Double(cell - node * group) / Double(group)
            masses[node] += mass * (1 - share)
            masses[node + 1] += mass * share
        }
        let kept = masses.indices.filter { masses[$0] > 0 }
        losses = kept.map { Double(distribution.lowerIndex + $0 * group) * distribution.spacing }
        logMasses = kept.map { log(masses[$0]) }
    }

    /// The bound at any t; infinite losses are left out.
    func logMoment(_ t: Double) -> Double {
        var highest = -Double.infinity
        for index in losses.indices { highest = max(highest, logMasses[index] + t * losses[index]) }
        guard highest > -.infinity else { return -.infinity }
        var sum = 0.0
        for index in losses.indices { sum += exp(logMasses[index] + t * losses[index] - highest) }
        return highest + log(sum)
    }
}
