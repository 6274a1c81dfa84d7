/// Distinct numbers in ascending order with weights, and sums over any run of them in constant time.
struct WeightedPoints {
    /// The points relative to `origin`.
    let positions: [Double]
    /// Weight of each point, > 0.
    let weights: [Double]
    /// What was taken from all values, so that squares lose no precision on a tensor far from zero.
    let origin: Double
    private var weightSums: [Double] = [0]
    private var firstSums: [Double] = [0]
    private var secondSums: [Double] = [0]

    /// Number of points.
    var count: Int { positions.count }

    /// Collects equal values.
    init(_ values: [Float]) {
        var points: [Double] = []
        var weights: [Double] = []
        for value in values.sorted() {
            if let last = points.last, last == Double(value) {
                weights[weights.count - 1] += 1
            } else {
                points.append(Double(value))
                weights.append(1)
            }
        }
        self.init(points: points, weights: weights)
    }

    /// Takes ascending points.
    init(points: [Double], weights: [Double]) {
        let total = weights.reduce(0, +)
        var mean = 0.0
        for (point, weight) in zip(points, weights) { mean += point * (weight / total) }
        origin = mean
        positions = points.map { $0 - mean }
        self.weights = weights
        for (position, weight) in zip(positions, weights) {
            weightSums.append(weightSums[weightSums.count - 1] + weight)
            firstSums.append(firstSums[firstSums.count - 1] + weight * position)
            secondSums.append(secondSums[secondSums.count - 1] + weight * position * position)
        }
    }

    /// Squared distance of the points `from..<to` from their mean, `to` > `from`.
    @inline(__always)
    func cost(_ from: Int, _ to: Int) -> Double {
        let first = firstSums[to] - firstSums[from]
        let weight = weightSums[to] - weightSums[from]
        return max(0, secondSums[to] - secondSums[from] - first * first / weight)
    }

    /// Mean of the points `from..<to`, relative to the origin.
    func mean(_ from: Int, _ to: Int) -> Double {
        (firstSums[to] - firstSums[from]) / (weightSums[to] - weightSums[from])
    }

    /// The codebook of the means of the runs that begin at `starts`, the first of which is 0.
    func codebook(starts: [Int]) -> Codebook {
        let ends = starts.dropFirst() + [count]
        return Codebook(sorting: zip(starts, ends).map { Float(mean($0, $1) + origin) })
    }
}
