/// Makes the columns of a tall matrix orthonormal by a Cholesky factorization of their Gram matrix (Yamamoto et al.
/// 2015, "Roundoff error analysis of the CholeskyQR2 algorithm"); run it twice where precision matters.
enum Orthonormal {
    /// AᵀA in double precision, row-major.
    static func gram(of matrix: DenseMatrix) -> [Double] {
        let size = matrix.columns
        let product = DenseMatrix(rows: size, columns: size)
        product.product(matrix, matrix, leftTransposed: true)
        return (0..<size * size).map { Double(product.elements[$0]) }
    }

    /// AAᵀ in double precision, row-major.
    static func gram(ofRows matrix: DenseMatrix) -> [Double] {
        let size = matrix.rows
        let product = DenseMatrix(rows: size, columns: size)
        product.product(matrix, matrix, rightTransposed: true)
        return (0..<size * size).map { Double(product.elements[$0]) }
    }

    /// Replaces A by A·L⁻ᵀ with AᵀA = L·Lᵀ; directions that are not there become small, not infinite.
    static func columns(of matrix: DenseMatrix) {
        let size = matrix.columns
        var gram = gram(of: matrix)
        let trace = (0..<size).reduce(0.0) { $0 + gram[$1 * size + $1] }
        guard trace > 0 else { return }
        for index in 0..<size { gram[index * size + index] += 1e-7 * trace / Double(size) }
        let inverse = inverseOfCholesky(gram, size: size)
        let transform = DenseMatrix(rows: size, columns: size)
        for row in 0..<size {
            for column in 0..<size { transform[row, column] = Float(inverse[column * size + row]) }
        }
        let result = DenseMatrix(rows: matrix.rows, columns: size)
        result.product(matrix, transform)
        matrix.elements.update(from: result.elements, count: matrix.count)
    }

    /// L⁻¹ for a positive definite G = L·Lᵀ; pivots that rounding has made negative are lifted.
    static func inverseOfCholesky(_ gram: [Double], size: Int) -> [Double] {
        var lower = [Double](repeating: 0, count: size * size)
        for row in 0..<size {
            for column in 0...row {
                var sum = gram[row * size + column]
                for index in 0..<column { sum -= lower[row * size + index] * lower[column * size + index] }
                if row == column {
                    lower[row * size + row] = max(sum, 1e-30 + 1e-12 * gram[row * size + row]).squareRoot()
                } else {
                    lower[row * size + column] = sum / lower[column * size + column]
                }
            }
        }
        var inverse = [Double](repeating: 0, count: size * size)
        for column in 0..<size {
            inverse[column * size + column] = 1 / lower[column * size + column]
            for row in (column + 1)..<max(size, column + 1) {
                var sum = 0.0
                for index in column..<row { sum -= lower[row * size + index] * inverse[index * size + column] }
                inverse[row * size + column] = sum / lower[row * size + row]
            }
        }
        return inverse
    }

    /// (G)⁻¹ of a positive definite matrix, by way of its Cholesky factor.
    static func inverse(_ gram: [Double], size: Int) -> [Double] {
        let factor = inverseOfCholesky(gram, size: size)
        var result = [Double](repeating: 0, count: size * size)
        for row in 0..<size {
            for column in 0..<size {
                var sum = 0.0
                for index in max(row, column)..<size {
                    sum += factor[index * size + row] * factor[index * size + column]
                }
                result[row * size + column] = sum
            }
        }
        return result
    }
}
