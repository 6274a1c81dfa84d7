import Quantization
import Tensors

/// A matrix as a product of two integer factors: X ≈ step · Σ_c left_c · right_cᵀ / 2^(scale_c/4).
struct LowRankCode {
    let rows: Int
    let columns: Int
    /// Per component, not rising: log2(σ/step) in quarters, 0…127.
    var scales: [Int] = []
    /// Components one behind the other, `rows` integers each.
    var left: [Int32] = []
    /// Components one behind the other, `columns` integers each.
    var right: [Int32] = []

    static let largestScale = 127

    var rank: Int { scales.count }

    init(rows: Int, columns: Int, rank: Int = 0) {
        self.rows = rows
        self.columns = columns
        scales = [Int](repeating: 0, count: rank)
        left = [Int32](repeating: 0, count: rank * rows)
        right = [Int32](repeating: 0, count: rank * columns)
    }

    /// 2^(code/4) for a code of 0…127.
    static func scale(_ code: Int) -> Float { ScaleGrid.scale(code: Int8(min(largestScale, code))) }

    /// Writes the product to rows × columns floats.
    func write(step: Float, to output: UnsafeMutablePointer<Float>) {
        let a = leftFactor(step: step)
        let b = rightFactor()
        BLAS.useOneThread()
        BLAS.multiply(
            rows: rows, columns: columns, depth: rank, BLAS.Operand(a.elements, stride: rows, transposed: true),
            BLAS.Operand(b.elements, stride: columns), into: output, resultStride: columns)
    }

    /// rank × rows: the integers times the step.
    func leftFactor(step: Float) -> DenseMatrix {
        let factor = DenseMatrix(rows: rank, columns: rows)
        for index in 0..<factor.count { factor.elements[index] = Float(left[index]) * step }
        return factor
    }

    /// rank × columns: the integers over their scales.
    func rightFactor() -> DenseMatrix {
        let factor = DenseMatrix(rows: rank, columns: columns)
        for component in 0..<rank {
            let inverse = 1 / Self.scale(scales[component])
            for index in (component * columns)..<((component + 1) * columns) {
                factor.elements[index] = Float(right[index]) * inverse
            }
        }
        return factor
    }
}
