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
    /// (Halko, Martinsson, Tropp 2011, algorithm 4.4, arXiv:0909.4061).
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
        var random = SeededRandom(Seed(0x5eed).derived("subspace", matrix.rows, matrix.columns))
        let right = DenseMatrix(rows: matrix.columns, columns: rank)
        for index in 0..<right.count { right.elements[index] = random.unitFloat() - 0.5 }
        let left = DenseMatrix(rows: matrix.rows, columns: rank)
        left.product(matrix, right)
        for _ in 0..<iterations {
            Orthonormal.columns(of: left)
            right.product(matrix, left, leftTransposed: true)
            Orthonormal.columns(of: right)
            left.product(matrix, right)
        }
        Orthonormal.columns(of: left)
        Orthonormal.columns(of: left)
        right.product(matrix, left, leftTransposed: true)
        // Rotate so that the columns of `right` are orthogonal and sorted.
        let gram = Orthonormal.gram(of: right)
        let eigen = SymmetricEigen.decompose(gram, size: rank)
        let rotation = DenseMatrix(rows: rank, columns: rank)
        for index in 0..<(rank * rank) { rotation.elements[index] = Float(eigen.vectors[index]) }
        let sortedLeft = DenseMatrix(rows: matrix.rows, columns: rank)
        sortedLeft.product(left, rotation)
        let sortedRight = DenseMatrix(rows: matrix.columns, columns: rank)
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
