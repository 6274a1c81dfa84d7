/// Eigenvalues and vectors of a small symmetric matrix by cyclic Jacobi rotations (Golub, Van Loan, "Matrix
/// Computations", section 8.5).
enum SymmetricEigen {
    /// - Parameters:
    ///   - matrix: symmetric, size × size, row-major.
    /// - Returns: eigenvalues in falling order, and vectors as the columns of a row-major matrix in that order.
    static func decompose(_ matrix: [Double], size: Int) -> (values: [Double], vectors: [Double]) {
        var a = matrix
        var v = [Double](repeating: 0, count: size * size)
        for index in 0..<size { v[index * size + index] = 1 }
        a.withUnsafeMutableBufferPointer { a in
            v.withUnsafeMutableBufferPointer { v in
                for _ in 0..<16 where !sweep(a, v, size: size) { break }
            }
        }
        let order = (0..<size).sorted { a[$0 * size + $0] > a[$1 * size + $1] }
        var vectors = [Double](repeating: 0, count: size * size)
        for (target, source) in order.enumerated() {
            // Rows of v are the eigenvectors.
            for index in 0..<size { vectors[index * size + target] = v[source * size + index] }
        }
        return (order.map { a[$0 * size + $0] }, vectors)
    }

    /// One sweep over all pairs; false when the matrix is diagonal to precision.
    private static func sweep(
        _ a: UnsafeMutableBufferPointer<Double>, _ v: UnsafeMutableBufferPointer<Double>, size: Int
    ) -> Bool {
        var offDiagonal = 0.0
        var diagonal = 0.0
        for row in 0..<size {
            diagonal += a[row * size + row] * a[row * size + row]
            for column in 0..<row { offDiagonal += a[row * size + column] * a[row * size + column] }
        }
        if offDiagonal <= 1e-11 * diagonal { return false }
        var hasRotated = false
        for p in 0..<max(0, size - 1) {
            for q in (p + 1)..<size {
                let off = a[p * size + q]
                // Vectors that are off by less than 2^-15 serve as well.
                let tolerated = max(1e-9 * abs(a[p * size + p] * a[q * size + q]), 1e-15 * diagonal)
                if off * off <= tolerated { continue }
                rotate(a, v, size: size, p, q)
                hasRotated = true
            }
        }
        return hasRotated
    }

    private static func rotate(
        _ a: UnsafeMutableBufferPointer<Double>, _ v: UnsafeMutableBufferPointer<Double>, size: Int, _ p: Int, _ q: Int
    ) {
        let off = a[p * size + q]
        let ratio = (a[q * size + q] - a[p * size + p]) / (2 * off)
        let tangent = (ratio >= 0 ? 1 : -1) / (abs(ratio) + (ratio * ratio + 1).squareRoot())
        let cosine = 1 / (tangent * tangent + 1).squareRoot()
        let sine = tangent * cosine
        for index in 0..<size {
            let x = a[p * size + index]
            let y = a[q * size + index]
            a[p * size + index] = cosine * x - sine * y
            a[q * size + index] = sine * x + cosine * y
            let s = v[p * size + index]
            let t = v[q * size + index]
            v[p * size + index] = cosine * s - sine * t
            v[q * size + index] = sine * s + cosine * t
        }
        for index in 0..<size {
            let x = a[index * size + p]
            let y = a[index * size + q]
            a[index * size + p] = cosine * x - sine * y
            a[index * size + q] = sine * x + cosine * y
        }
    }
}
