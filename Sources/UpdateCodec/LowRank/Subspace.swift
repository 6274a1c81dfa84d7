import Tensors

/// The strongest singular directions of a matrix: X ≈ leftᵀ·right, where `left` (rank × rows) has orthonormal rows and
/// the rows of `right` (rank × columns) are singular vectors times singular values, strongest first.
struct Subspace {
    let left: DenseMatrix
    let right: DenseMatrix
    /// Squared singular values, falling.
    let energies: [Double]

    /// Whether the decomposition of a matrix is exact: that of a large one takes too long unless one side is short.
    static func isExact(for matrix: DenseMatrix) -> Bool {
        min(matrix.rows, matrix.columns) <= (matrix.count > TensorAnalysis.countingLimit ? 32 : 64)
    }

    /// Finds up to `rank` directions: exactly where the smaller side allows, otherwise by randomized subspace iteration
    /// (Halko, Martinsson, Tropp 2011, algorithm 4.4, arXiv:0909.4061) that starts from a sketch of the matrix.
    init(of matrix: DenseMatrix, rank: Int, iterations: Int) {
        let smaller = min(matrix.rows, matrix.columns)
        if Self.isExact(for: matrix) {
            self.init(exactly: matrix, rank: smaller)
        } else {
            self.init(sampling: matrix, rank: min(rank, smaller), iterations: iterations)
        }
    }

    private init(exactly matrix: DenseMatrix, rank: Int) {
        let isWide = matrix.rows <= matrix.columns
        let size = min(matrix.rows, matrix.columns)
        let gram = DenseMatrix(rows: size, columns: size)
        gram.product(matrix, matrix, leftTransposed: !isWide, rightTransposed: isWide)
        let eigen = SymmetricEigen.decompose((0..<size * size).map { Double(gram.elements[$0]) }, size: size)
        let basis = DenseMatrix(rows: size, columns: rank)
        for row in 0..<size {
            for column in 0..<rank { basis[row, column] = Float(eigen.vectors[row * size + column]) }
        }
        if isWide {
            let right = DenseMatrix(rows: matrix.columns, columns: rank)
            right.product(matrix, basis, leftTransposed: true)
            self.init(left: basis, right: right)
        } else {
            // X·V has columns σu: normalizing them gives `left`, and V·σ is `right`.
            let left = DenseMatrix(rows: matrix.rows, columns: rank)
            left.product(matrix, basis)
            for column in 0..<rank {
                let sigma = max(0, eigen.values[column]).squareRoot()
                let inverse = sigma > 0 ? Float(1 / sigma) : 0
                for row in 0..<matrix.rows { left[row, column] *= inverse }
                for row in 0..<size { basis[row, column] *= Float(sigma) }
            }
            self.init(left: left, right: basis)
        }
    }

    private init(sampling matrix: DenseMatrix, rank: Int, iterations: Int) {
        let seed = Seed(0x5eed).derived("subspace", matrix.rows, matrix.columns)
        let (left, right) = Self.directions(of: matrix, count: rank, beside: nil, iterations: iterations, seed: seed)
        self.init(turning: left, right)
    }

    /// Looks for more directions, beside those of `found`, up to `rank` in all.
    init(extending found: Subspace, of matrix: DenseMatrix, rank: Int, iterations: Int) {
        let more = min(rank, matrix.rows, matrix.columns) - found.left.rows
        precondition(more > 0, "nothing to extend")
        let seed = Seed(0x5eed).derived("subspace", matrix.rows, matrix.columns, found.left.rows)
        let (left, right) = Self.directions(of: matrix, count: more, beside: found, iterations: iterations, seed: seed)
        self.init(
            turning: DenseMatrix(columnsOf: found.left.transposed(), and: left),
            DenseMatrix(columnsOf: found.right.transposed(), and: right))
    }

    /// Orthonormal columns that span the strongest directions beside those found, and the matrix along them.
    private static func directions(
        of matrix: DenseMatrix, count: Int, beside found: Subspace?, iterations: Int, seed: Seed
    ) -> (left: DenseMatrix, right: DenseMatrix) {
        var random = SeededRandom(seed)
        let left = DenseMatrix(sketching: matrix, columns: count, random: &random)
        let right = DenseMatrix(rows: matrix.columns, columns: count)
        for _ in 0..<iterations {
            found?.takeOut(of: left)
            Orthonormal.columns(of: left)
            right.product(matrix, left, leftTransposed: true)
            Orthonormal.columns(of: right)
            left.product(matrix, right)
        }
        for _ in 0..<2 {
            found?.takeOut(of: left)
            Orthonormal.columns(of: left)
        }
        right.product(matrix, left, leftTransposed: true)
        return (left, right)
    }

    /// Subtracts from each column its part along the directions.
    private func takeOut(of columns: DenseMatrix) {
        let along = DenseMatrix(rows: left.rows, columns: columns.columns)
        along.product(left, columns)
        for index in 0..<along.count { along.elements[index] = -along.elements[index] }
        columns.product(left, along, leftTransposed: true, keep: 1)
    }

    /// From columns that span the directions, turned so that those of `right` are orthogonal and sorted.
    private init(turning left: DenseMatrix, _ right: DenseMatrix) {
        let rank = right.columns
        let eigen = SymmetricEigen.decompose(Orthonormal.gram(of: right), size: rank)
        let rotation = DenseMatrix(rows: rank, columns: rank)
        for index in 0..<(rank * rank) { rotation.elements[index] = Float(eigen.vectors[index]) }
        let sortedLeft = DenseMatrix(rows: left.rows, columns: rank)
        sortedLeft.product(left, rotation)
        let sortedRight = DenseMatrix(rows: right.rows, columns: rank)
        sortedRight.product(right, rotation)
        self.init(left: sortedLeft, right: sortedRight)
    }

    /// From factors whose columns are the directions.
    private init(left: DenseMatrix, right: DenseMatrix) {
        self.left = left.transposed()
        let turned = right.transposed()
        self.right = turned
        energies = (0..<turned.rows).map { DenseMatrix.energy(turned.elements + $0 * turned.columns, turned.columns) }
    }
}
