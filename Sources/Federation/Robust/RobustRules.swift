/// Rules that combine updates of which some may be hostile. Pure functions; all updates are finite and of one length.
public enum RobustRules {
    /// Median of each coordinate; of an even number of values the mean of the middle two. Also what combines the sums of
    /// groups, where single updates are masked. There is at least one update.
    public static func median(_ updates: [[Float]]) -> [Float] {
        trimmedMean(updates, trimmed: (updates.count - 1) / 2)
    }

    /// Mean of each coordinate without its `trimmed` smallest and largest values; at least one value is left.
    public static func trimmedMean(_ updates: [[Float]], trimmed: Int) -> [Float] {
        precondition(!updates.isEmpty && updates.count > 2 * trimmed, "trimming leaves nothing")
        let kept = Double(updates.count - 2 * trimmed)
        var column = [Float](repeating: 0, count: updates.count)
        return updates[0].indices.map { index in
            for row in updates.indices { column[row] = updates[row][index] }
            column.sort()
            var sum = 0.0
            for row in trimmed..<updates.count - trimmed { sum += Double(column[row]) }
            return Float(sum / kept)
        }
    }

    /// Positions of the `kept` updates whose `count − hostile − 2` nearest others are closest, best first; of equals
    /// the earlier one.
    ///
    /// - Parameter hostile: how many may be hostile; fewer than half of all less one.
    public static func krum(_ updates: [[Float]], hostile: Int, kept: Int) -> [Int] {
        let count = updates.count
        let neighbours = max(1, count - hostile - 2)
        var distances = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
        for left in 0..<count {
            for right in left + 1..<max(count, left + 1) {
                let distance = squaredDistance(updates[left], updates[right])
                distances[left][right] = distance
                distances[right][left] = distance
            }
        }
        let scores = (0..<count).map { row in
            let others = distances[row].indices.filter { $0 != row }.map { distances[row][$0] }
            return others.sorted().prefix(neighbours).reduce(0, +)
        }
        return (0..<count).sorted { (scores[$0], $0) < (scores[$1], $1) }.prefix(kept).map(\.self)
    }

    /// Mean of updates, each weighted by how far it points where a trusted one does and scaled to its length: FLTrust,
    /// Cao et al. 2021 (arXiv:2012.13995), section IV. Zero when no update points there.
    ///
    /// - Parameter root: what training on the coordinator's own data gives.
    public static func trustWeightedMean(_ updates: [[Float]], root: [Float]) -> [Float] {
        let rootNorm = squaredNorm(root).squareRoot()
        var sum = [Double](repeating: 0, count: root.count)
        var trust = 0.0
        for update in updates {
            let norm = squaredNorm(update).squareRoot()
            guard norm > 0, rootNorm > 0 else { continue }
            var product = 0.0
            for index in root.indices { product += Double(update[index]) * Double(root[index]) }
            let cosine = product / (norm * rootNorm)
            guard cosine > 0 else { continue }
            trust += cosine
            for index in root.indices { sum[index] += cosine * rootNorm / norm * Double(update[index]) }
        }
        guard trust > 0 else { return [Float](repeating: 0, count: root.count) }
        return sum.map { Float($0 / trust) }
    }

    private static func squaredNorm(_ vector: [Float]) -> Double {
        vector.reduce(0.0) { $0 + Double($1) * Double($1) }
    }

    private static func squaredDistance(_ left: [Float], _ right: [Float]) -> Double {
        var sum = 0.0
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                for index in left.indices {
                    let difference = Double(left[index]) - Double(right[index])
                    sum += difference * difference
                }
            }
        }
        return sum
    }
}
