extension Codebook {
    /// Most table cells (distinct values × centroids) that the exact search fills, four bytes each.
    static let largestSearch = 1 << 26

    /// The codebook with the least squared error there is, by dynamic programming over the sorted values.
    ///
    /// Clusters of the optimum are runs of the sorted values, and the first value of the best last run never moves left
    /// when values are added on the right, so each layer is filled by divide and conquer in O(n log n)
    /// (Wu 1991, doi:10.1016/0196-6774(91)90039-2; Grønlund et al. 2017, arXiv:1701.07204).
    ///
    /// - Parameters:
    ///   - values: finite values. None give the one centroid 0; fewer distinct ones than `count` are kept exactly.
    ///   - count: centroids wanted, 2–256.
    /// - Throws: `QuantizationError.notFinite`, `.unsupportedCentroidCount`, `.codebookTooLarge` above 2^26 cells.
    public static func optimal(for values: [Float], count: Int) throws(QuantizationError) -> Codebook {
        guard allowedCounts.contains(count) else { throw .unsupportedCentroidCount(count) }
        try values.checkFinite()
        let points = WeightedPoints(values)
        guard points.count <= largestSearch / count else {
            throw .codebookTooLarge(distinctValues: points.count, centroids: count)
        }
        return optimal(for: points, count: count)
    }

    /// A codebook within a hair of the optimum in linear time: exact over the means of `bins` equal intervals.
    ///
    /// - Parameters:
    ///   - values: finite values.
    ///   - count: centroids wanted, 2–256.
    ///   - bins: intervals between the smallest and the largest value, 2–65536.
    /// - Throws: `QuantizationError.notFinite`, `.unsupportedCentroidCount`.
    public static func nearlyOptimal(
        for values: [Float], count: Int, bins: Int = 1024
    ) throws(QuantizationError) -> Codebook {
        guard allowedCounts.contains(count) else { throw .unsupportedCentroidCount(count) }
        precondition((2...65536).contains(bins))
        try values.checkFinite()
        return optimal(for: binned(values, bins: bins), count: count)
    }

    static func optimal(for points: WeightedPoints, count: Int) -> Codebook {
        if points.count == 0 { return Codebook(sorting: [0]) }
        if points.count <= count { return points.codebook(starts: Array(0..<points.count)) }
        var table = RunTable(points: points)
        for _ in 1..<count { table.addRun() }
        return points.codebook(starts: table.starts())
    }

    private static func binned(_ values: [Float], bins: Int) -> WeightedPoints {
        guard let low = values.min(), let high = values.max(), low < high else { return WeightedPoints(values) }
        let perUnit = Double(bins) / (Double(high) - Double(low))
        var sums = [Double](repeating: 0, count: bins)
        var weights = [Double](repeating: 0, count: bins)
        for value in values {
            let offset = Double(value) - Double(low)
            let bin = min(bins - 1, Int(offset * perUnit))
            sums[bin] += offset
            weights[bin] += 1
        }
        let used = weights.indices.filter { weights[$0] > 0 }
        return WeightedPoints(
            points: used.map { Double(low) + sums[$0] / weights[$0] }, weights: used.map { weights[$0] })
    }
}

/// The table of the dynamic program: least costs of covering the first points with a number of runs.
private struct RunTable {
    private let points: WeightedPoints
    private var costs: [Double]
    private var lastStarts: [[Int32]] = []

    init(points: WeightedPoints) {
        self.points = points
        costs = (0...points.count).map { $0 == 0 ? 0 : points.cost(0, $0) }
    }

    /// Goes on to one more run.
    mutating func addRun() {
        let runs = lastStarts.count + 2
        var next = [Double](repeating: .infinity, count: points.count + 1)
        var starts = [Int32](repeating: 0, count: points.count + 1)
        fill(&next, &starts, from: runs, to: points.count, lowest: runs - 1, highest: points.count - 1)
        costs = next
        lastStarts.append(starts)
    }

    /// Fills the costs of `from...to` points, whose last runs start within `lowest...highest`.
    private func fill(
        _ next: inout [Double], _ starts: inout [Int32], from: Int, to: Int, lowest: Int, highest: Int
    ) {
        guard from <= to else { return }
        let middle = (from + to) >> 1
        var best = Double.infinity
        var bestStart = lowest
        for start in lowest...min(highest, middle - 1) {
            let cost = costs[start] + points.cost(start, middle)
            if cost < best { (best, bestStart) = (cost, start) }
        }
        next[middle] = best
        starts[middle] = Int32(bestStart)
        fill(&next, &starts, from: from, to: middle - 1, lowest: lowest, highest: bestStart)
        fill(&next, &starts, from: middle + 1, to: to, lowest: bestStart, highest: highest)
    }

    /// First points of the best runs that cover everything.
    func starts() -> [Int] {
        var starts: [Int] = []
        var end = points.count
        for layer in lastStarts.reversed() {
            end = Int(layer[end])
            starts.append(end)
        }
        return [0] + starts.reversed()
    }
}
