import Tensors

/// Directions in the input space of a matrix that everybody derives alike from what everybody knows.
///
/// Only additions, products, quotients and square roots in double precision are involved, in a fixed order and never
/// fused: all of them are correctly rounded, so every machine finds the same bits.
enum PublicBasis {
    /// Orthonormal rows, `rank` × `columns`.
    ///
    /// - Parameters:
    ///   - history: rows × columns, how the matrix has moved so far; its strongest right singular directions come first.
    ///   - explore: share of the directions that are random.
    static func rows(
        history: [Double], rows: Int, columns: Int, rank: Int, explore: Double, seed: Seed
    ) -> [Double] {
        let rank = min(rank, columns)
        var basis: [Double] = []
        if history.contains(where: { $0 != 0 }) {
            let known = min(rows, rank - min(rank, max(explore > 0 ? 1 : 0, Int(Double(rank) * explore))))
            basis = strongest(history, rows: rows, columns: columns, count: known)
        }
        var random = SeededRandom(seed)
        while basis.count < rank * columns {
            var direction = (0..<columns).map { _ in random.unitDouble() - 0.5 }
            if orthonormalize(&direction, against: basis) { basis += direction }
        }
        return basis
    }

    /// The strongest right singular directions, by the eigenvectors of H·Hᵀ or HᵀH, whichever is smaller.
    private static func strongest(_ history: [Double], rows: Int, columns: Int, count: Int) -> [Double] {
        let isWide = rows <= columns
        let size = min(rows, columns)
        var gram = [Double](repeating: 0, count: size * size)
        for a in 0..<size {
            for b in 0...a {
                var sum = 0.0
                for index in 0..<max(rows, columns) {
                    sum +=
                        isWide
                        ? history[a * columns + index] * history[b * columns + index]
                        : history[index * columns + a] * history[index * columns + b]
                }
                gram[a * size + b] = sum
                gram[b * size + a] = sum
            }
        }
        let vectors = SymmetricEigen.decompose(gram, size: size).vectors
        var basis: [Double] = []
        for place in 0..<min(count, size) {
            var direction = [Double](repeating: 0, count: columns)
            for index in 0..<size {
                let weight = vectors[index * size + place]
                if isWide {
                    for column in 0..<columns { direction[column] += weight * history[index * columns + column] }
                } else {
                    direction[index] = weight
                }
            }
            if orthonormalize(&direction, against: basis) { basis += direction }
        }
        return basis
    }

    /// Takes away what lies along the basis, twice for precision, and makes the rest one long; false when little is
    /// left.
    private static func orthonormalize(_ direction: inout [Double], against basis: [Double]) -> Bool {
        let columns = direction.count
        let before = dot(direction, direction, 0)
        guard before > 0 else { return false }
        for _ in 0..<2 {
            for start in stride(from: 0, to: basis.count, by: columns) {
                let along = dot(direction, basis, start)
                for column in 0..<columns { direction[column] -= along * basis[start + column] }
            }
        }
        let left = dot(direction, direction, 0)
        guard left > 1e-12 * before else { return false }
        let factor = 1 / left.squareRoot()
        for column in 0..<columns { direction[column] *= factor }
        return true
    }

    private static func dot(_ left: [Double], _ right: [Double], _ start: Int) -> Double {
        var sum = 0.0
        for index in left.indices { sum += left[index] * right[start + index] }
        return sum
    }
}
