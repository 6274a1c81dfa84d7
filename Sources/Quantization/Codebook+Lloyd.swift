import Tensors

extension Codebook {
    /// A codebook by Lloyd's iteration from k-means++ centres (Lloyd 1982, doi:10.1109/TIT.1982.1056489;
    /// Arthur, Vassilvitskii 2007, doi:10.5555/1283383.1283494).
    ///
    /// The values are sorted once; an iteration then costs O(k log n).
    ///
    /// - Parameters:
    ///   - values: finite values. None give the one centroid 0; fewer distinct ones than `count` are kept exactly.
    ///   - count: centroids wanted, 2–256.
    ///   - seed: where the first centres come from.
    ///   - iterations: most iterations; it stops earlier when no run changes.
    /// - Throws: `QuantizationError.notFinite`, `.unsupportedCentroidCount`.
    public static func lloyd(
        for values: [Float], count: Int, seed: Seed, iterations: Int = 100
    ) throws(QuantizationError) -> Codebook {
        guard allowedCounts.contains(count) else { throw .unsupportedCentroidCount(count) }
        try values.checkFinite()
        let points = WeightedPoints(values)
        if points.count == 0 { return Codebook(sorting: [0]) }
        if points.count <= count { return points.codebook(starts: Array(0..<points.count)) }
        var centers = firstCenters(points, count: count, seed: seed)
        var starts: [Int] = []
        for _ in 0..<max(1, iterations) {
            let next = runs(points, centers)
            if next == starts { break }
            starts = next
            centers = zip(starts, starts.dropFirst() + [points.count]).map { points.mean($0, $1) }
        }
        return points.codebook(starts: starts)
    }

    /// Draws centres with probabilities ∝ weight · squared distance from the nearest centre so far.
    private static func firstCenters(_ points: WeightedPoints, count: Int, seed: Seed) -> [Double] {
        var random = SeededRandom(seed)
        var distances = points.weights
        var centers: [Double] = []
        for _ in 0..<count {
            var rest = random.unitDouble() * distances.reduce(0, +)
            var chosen = distances.lastIndex { $0 > 0 } ?? 0
            for index in distances.indices where distances[index] > 0 {
                rest -= distances[index]
                if rest < 0 {
                    chosen = index
                    break
                }
            }
            let center = points.positions[chosen]
            let isFirst = centers.isEmpty
            for index in distances.indices {
                let gap = points.positions[index] - center
                let distance = points.weights[index] * gap * gap
                distances[index] = isFirst ? distance : min(distances[index], distance)
            }
            centers.append(center)
        }
        return centers.sorted()
    }

    /// First points of the runs nearest to each centre; centres without points are dropped.
    private static func runs(_ points: WeightedPoints, _ centers: [Double]) -> [Int] {
        var starts = [0]
        for (left, right) in zip(centers, centers.dropFirst()) {
            let middle = (left + right) / 2
            var low = 0
            var high = points.count
            while low < high {
                let center = (low + high) >> 1
                if points.positions[center] > middle { high = center } else { low = center + 1 }
            }
            if low > starts[starts.count - 1], low < points.count { starts.append(low) }
        }
        return starts
    }
}
