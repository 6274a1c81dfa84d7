import Tensors

/// Positions in the flat vector that everybody derives alike from a seed and the public model.
enum PublicSupport {
    /// Positions, ascending; `moved` holds how each value of the public model has moved so far, or is empty.
    ///
    /// - Parameter important: how many are chosen by magnitude, ties by position; the others are random.
    static func positions(count: Int, keep: Int, important: Int, moved: [Float], seed: Seed) -> [Int] {
        var chosen = [Bool](repeating: false, count: count)
        if !moved.isEmpty, important > 0 {
            let ranked = moved.indices.sorted {
                (moved[$1].magnitude, $0) < (moved[$0].magnitude, $1)
            }
            for position in ranked.prefix(important) { chosen[position] = true }
        }
        var rest = (0..<count).filter { !chosen[$0] }
        var random = SeededRandom(seed)
        for place in 0..<max(0, min(rest.count, keep - (count - rest.count))) {
            rest.swapAt(place, place + random.below(rest.count - place))
            chosen[rest[place]] = true
        }
        return (0..<count).filter { chosen[$0] }
    }
}
