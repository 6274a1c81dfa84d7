import Foundation

/// Independent privacy losses on one grid, added up.
///
/// The sum is taken by one Fourier transform for each part, its power, and one transform back (Koskela, Jälkö and
/// Honkela 2020, arXiv:1906.03049). Before that, every part is tilted by e^(tL) with t at the saddle point of the
/// question asked, so that the few masses that decide ε stand in the middle of the window and keep their relative
/// precision, and what is outside of the window is bounded by Chernoff and counted as an infinite loss.
struct LossComposition {
    struct Part: Sendable {
        let distribution: PrivacyLossDistribution
        let moments: LossMoments
        let count: Int

        init(_ distribution: PrivacyLossDistribution, count: Int) {
            self.distribution = distribution
            self.count = count
            moments = LossMoments(of: distribution)
        }

        private init(_ distribution: PrivacyLossDistribution, moments: LossMoments, count: Int) {
            self.distribution = distribution
            self.moments = moments
            self.count = count
        }

        /// The same part, `count` times in all.
        func repeated(_ count: Int) -> Part {
            Part(distribution, moments: moments, count: count)
        }
    }

    private let parts: [Part]
    private let spacing: Double
    /// Probability of an infinite loss in any part.
    let infinityMass: Double

    /// Parts share a spacing; there is at least one.
    init(_ parts: [Part]) {
        precondition(!parts.isEmpty && parts.allSatisfy { $0.distribution.spacing == parts[0].distribution.spacing })
        self.parts = parts
        spacing = parts[0].distribution.spacing
        infinityMass = -expm1(parts.reduce(0) { $0 + Double($1.count) * log1p(-$1.distribution.infinityMass) })
    }

    /// Log mass that leaves the window, relative to the δ asked for.
    private static let logWindowLoss = -21.0
    /// Log mass, under the tilted distribution, that the window leaves out on each side. It comes back around the
    /// circle, and what comes back below is raised when the tilt is undone: so it has to be small under both.
    private static let logTiltedLoss = -26.0
    /// Rounding of transforms and quadrature, relative to δ.
    private static let rounding = 1e-8
    /// The saddle point is moved once more if the Chernoff bound at the answer is this much above δ.
    private static let tolerableLogGap = 9.0

    /// The least ε ≥ `floor` for δ in (0, 1); infinite if δ is below the mass of infinite losses.
    func epsilon(
        delta: Double, floor: Double, transforms: inout FourierTransforms
    ) throws(AccountingError) -> Double {
        guard delta * (1 - Self.rounding) > infinityMass else { return .infinity }
        // Chernoff's bound is quick and often settles that the other direction of adjacency is the worse one.
        if floor > 0, bestBound(logMass: log(delta - infinityMass)).epsilon <= floor { return floor }
        let logDelta = log(delta)
        let window = bestBound(logMass: logDelta + Self.logWindowLoss).epsilon
        var tilt = bestBound(logMass: logDelta).tilt
        var epsilon = Double.infinity
        let lost = exp(logDelta + Self.logWindowLoss)
        for _ in 0..<4 {
            let tail = try tail(tilt: tilt, highest: window, lost: lost, transforms: &transforms)
            let found = tail.epsilon(delta: delta * (1 - Self.rounding))
            if let found { epsilon = found }
            let gap = logMoment(tilt) - tilt * (found ?? tail.lowestLoss) - logDelta
            if found != nil, gap < Self.tolerableLogGap { break }
            let next = saddlePoint(at: found ?? max(0, tail.lowestLoss))
            if found == nil, next >= tilt { tilt /= 4 } else { tilt = next }
        }
        return max(floor, epsilon)
    }

    /// The least δ for ε ≥ 0.
    func delta(epsilon: Double, transforms: inout FourierTransforms) throws(AccountingError) -> Double {
        let tilt = saddlePoint(at: epsilon)
        let logBound = min(0, logMoment(tilt) - tilt * epsilon)
        let logLost = logBound + Self.logWindowLoss
        let window = max(bestBound(logMass: logLost).epsilon, epsilon + spacing)
        let tail = try tail(tilt: tilt, highest: window, lost: exp(logLost), transforms: &transforms)
        return min(1, tail.delta(epsilon: epsilon) * (1 + Self.rounding))
    }

    /// Σ count · log E[e^(tL)].
    private func logMoment(_ t: Double) -> Double {
        parts.reduce(0) { $0 + Double($1.count) * $1.moments.logMoment(t) }
    }

    /// The least loss that is passed with at most this mass by Chernoff's bound, and the tilt that proves it.
    private func bestBound(logMass: Double) -> (epsilon: Double, tilt: Double) {
        let best = ScalarSearch.minimumOverLogarithm(from: 1e-4, to: 1e6) { (logMoment($0) - logMass) / $0 }
        return (epsilon: best.value, tilt: best.argument)
    }

    /// The tilt that moves the mean of the loss to `loss`.
    private func saddlePoint(at loss: Double) -> Double {
        ScalarSearch.minimumOverLogarithm(from: 1e-4, to: 1e6) { logMoment($0) - $0 * loss }.argument
    }

    /// The probabilities of the losses around the mean of the tilted distribution, up to `highest`.
    private func tail(
        tilt: Double, highest: Double, lost: Double, transforms: inout FourierTransforms
    ) throws(AccountingError) -> LossTail {
        let base = logMoment(tilt)
        let lowest = -ScalarSearch.minimumOverLogarithm(from: 1e-4, to: 1e6) {
            (logMoment(tilt - $0) - base - Self.logTiltedLoss) / $0
        }.value
        let tiltedHighest = ScalarSearch.minimumOverLogarithm(from: 1e-4, to: 1e6) {
            (logMoment(tilt + $0) - base - Self.logTiltedLoss) / $0
        }.value
        let highest = max(highest, tiltedHighest)
        let first = (lowest / spacing).rounded(.down)
        let cells = (highest / spacing).rounded(.up) - first + 2
        guard cells <= Double(PrivacyLossAccountant.maximumCellCount) else { throw .lossTooWide(cells: cells) }
        var size = 2
        while Double(size) < cells { size *= 2 }
        let convolution = TiltedConvolution(parts: parts, tilt: tilt, transform: transforms.transform(count: size))
        return LossTail(
            spacing: spacing, lowerIndex: Int(first), probabilities: convolution.probabilities(from: Int(first)),
            infinityMass: infinityMass + lost)
    }
}
