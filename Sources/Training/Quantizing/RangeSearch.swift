import Foundation
import Quantization

/// How the range of a tensor follows from its histogram.
public enum RangeSearch: Hashable, Sendable {
    /// From the smallest to the largest value that was seen.
    case minMax
    /// As `minMax`, both ends moved out by a factor, 1 or more: for samples that may show less than data will. Clipping
    /// makes classes equal, but each doubling costs one of 8 bits; with 3, `cnn1d-har` loses 4 points.
    case widened(Float)
    /// Leaves out `1 − share` of the values at either end; `share` is above 0.5, 1 is `minMax`.
    case percentile(Double)
    /// Least expected squared error of clipping and rounding together.
    case leastSquares
    /// Least Kullback–Leibler divergence of the rounded from the true distribution (Migacz 2017, "8-bit inference with
    /// TensorRT").
    case divergence
    /// Least maximum mean discrepancy, with a Gaussian kernel as wide as the distribution, between the rounded and the true
    /// distribution (Gretton et al. 2012, JMLR 13).
    case meanDiscrepancy
}

extension ActivationHistogram {
    /// The range to quantize with.
    ///
    /// - Parameter bits: width of the activations, 8 or 16; a search has little to win at 16.
    public func range(_ search: RangeSearch, bits: Int = 8) -> ActivationRange {
        let full = ActivationRange(low: low, high: high)
        guard high > low, total > 0 else { return full }
        switch search {
        case .minMax: return full
        case .widened(let factor):
            precondition(factor >= 1 && factor.isFinite, "a range is widened by 1 or more")
            return ActivationRange(low: low * factor, high: high * factor)
        case .percentile(let share): return percentile(share)
        case .leastSquares:
            let points = HistogramPoints(self)
            return Self.smallest(full, candidates: 64) { points.squaredError($0, bits: bits) }
        case .divergence:
            let points = HistogramPoints(self)
            return Self.smallest(full, candidates: 64) { points.divergence($0, bits: bits) }
        case .meanDiscrepancy:
            var coarse = self
            coarse.cover(low: low, high: high, binCount: 128)
            let discrepancy = MeanDiscrepancy(HistogramPoints(coarse))
            return Self.smallest(full, candidates: 24) { discrepancy.squared($0, bits: bits) }
        }
    }

    private func percentile(_ share: Double) -> ActivationRange {
        precondition(share > 0.5 && share <= 1, "a percentile is a share above 0.5 and at most 1")
        let allowed = (1 - share) * Double(total)
        func end(_ order: [Int], edge: Int) -> Float {
            var passed = 0.0
            for index in order {
                passed += Double(counts[index])
                if passed > allowed { return Float(firstBin + index + edge) * binWidth }
            }
            return 0
        }
        let top = end(counts.indices.reversed(), edge: 1)
        let bottom = end(Array(counts.indices), edge: 0)
        return ActivationRange(low: max(low, bottom), high: min(high, top))
    }

    /// Moves one end after the other through shares of its place, twice, and keeps what costs least.
    private static func smallest(
        _ full: ActivationRange, candidates: Int, cost: (ActivationRange) -> Double
    ) -> ActivationRange {
        var best = full
        var least = cost(full)
        for _ in 0..<2 {
            for step in 1...candidates {
                let share = 1 - 0.9 * Float(step) / Float(candidates)
                for candidate in [
                    ActivationRange(low: best.low, high: full.high * share),
                    ActivationRange(low: full.low * share, high: best.high),
                ] where candidate != best && candidate.high > candidate.low {
                    let value = cost(candidate)
                    if value < least { (best, least) = (candidate, value) }
                }
            }
        }
        return best
    }
}

/// The middles of the bins of a histogram and how much of everything lies there; zeros are a point of their own.
struct HistogramPoints {
    let positions: [Float]
    /// Sum 1.
    let shares: [Double]
    let zeroShare: Double
    private let width: Float

    init(_ histogram: ActivationHistogram) {
        let total = Double(histogram.total)
        let width = histogram.binWidth
        self.width = width
        positions = histogram.counts.indices.map { (Float(histogram.firstBin + $0) + 0.5) * width }
        shares = histogram.counts.map { Double($0) / total }
        zeroShare = Double(histogram.zeroCount) / total
    }

    func squaredError(_ range: ActivationRange, bits: Int) -> Double {
        let grid = range.grid(bits: bits)
        let (low, high) = (grid.stepsBelow * grid.scale, grid.stepsAbove * grid.scale)
        let inside = Double(grid.scale) * Double(grid.scale) / 12
        var sum = 0.0
        for (position, share) in zip(positions, shares) where share > 0 {
            let outside = Double(max(position - high, low - position, 0) - width / 2)
            sum += share * (outside > 0 ? outside * outside : inside)
        }
        return sum
    }

    /// Bins within the range, what was clipped going to the bins at its ends; against the same bins when only whole steps
    /// exist, each step's share spread over those of its bins that hold something.
    func divergence(_ range: ActivationRange, bits: Int) -> Double {
        let grid = range.grid(bits: bits)
        let (low, high) = (grid.stepsBelow * grid.scale, grid.stepsAbove * grid.scale)
        // The zero point is a whole number, so an end may fall just short of the values that lie there.
        let slack = max(grid.scale, width) / 2
        let inside = positions.indices.filter { positions[$0] >= low - slack && positions[$0] <= high + slack }
        guard let first = inside.first, let last = inside.last else { return .infinity }
        var truth = Array(shares[first...last])
        truth[0] += shares[..<first].reduce(0, +)
        truth[truth.count - 1] += shares[(last + 1)...].reduce(0, +)
        let kept = shares[first...last].reduce(zeroShare, +)
        var sum = zeroShare > 0 ? zeroShare * log(max(kept, .leastNormalMagnitude)) : 0
        var index = first
        while index <= last {
            let step = (positions[index] / grid.scale).rounded()
            var end = index
            while end <= last, (positions[end] / grid.scale).rounded() == step { end += 1 }
            let filled = (index..<end).count { shares[$0] > 0 }
            let share = shares[index..<end].reduce(0, +) / Double(max(1, filled)) / kept
            for bin in index..<end where truth[bin - first] > 0 {
                sum += truth[bin - first] * log(truth[bin - first] / max(share, 1e-9))
            }
            index = end
        }
        return sum
    }
}

/// Squared maximum mean discrepancy between the points of a histogram and what rounding makes of them.
struct MeanDiscrepancy {
    private let points: [(position: Double, share: Double)]
    private let factor: Double
    private let own: Double

    init(_ histogram: HistogramPoints) {
        var points = zip(histogram.positions, histogram.shares).map { (position: Double($0), share: $1) }
            .filter { $0.share > 0 }
        points.append((0, histogram.zeroShare))
        let mean = points.reduce(0) { $0 + $1.position * $1.share }
        let variance = points.reduce(0) { $0 + ($1.position - mean) * ($1.position - mean) * $1.share }
        factor = -0.5 / max(variance, .leastNormalMagnitude)
        self.points = points
        own = Self.kernelMean(points, points, factor)
    }

    func squared(_ range: ActivationRange, bits: Int) -> Double {
        let grid = range.grid(bits: bits)
        let rounded = points.map { point in
            let steps = (Float(point.position) / grid.scale).rounded(.toNearestOrEven)
            return (
                position: Double(max(grid.stepsBelow, min(grid.stepsAbove, steps)) * grid.scale), share: point.share
            )
        }
        return own - 2 * Self.kernelMean(points, rounded, factor) + Self.kernelMean(rounded, rounded, factor)
    }

    private static func kernelMean(
        _ left: [(position: Double, share: Double)], _ right: [(position: Double, share: Double)], _ factor: Double
    ) -> Double {
        var sum = 0.0
        for a in left {
            for b in right {
                let distance = a.position - b.position
                sum += a.share * b.share * exp(factor * distance * distance)
            }
        }
        return sum
    }
}
