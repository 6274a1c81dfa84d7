import COpenBLAS

/// The one place where the codec calls OpenBLAS.
enum MatrixProduct {
    /// Products here are small and clients run side by side: OpenBLAS's own threads would only compete.
    private static let oneThread: Void = openblas_set_num_threads(1)

    /// One operand: row-major, read transposed or as it is stored.
    struct Operand {
        let pointer: UnsafePointer<Float>
        let stride: Int
        let isTransposed: Bool
    }

    /// result = factor · left · right + keep · result, all row-major and dense in `result`.
    static func multiply(
        rows: Int, columns: Int, depth: Int, _ left: Operand, _ right: Operand, factor: Float = 1, keep: Float = 0,
        into result: UnsafeMutablePointer<Float>
    ) {
        guard rows > 0, columns > 0 else { return }
        oneThread
        cblas_sgemm(
            CblasRowMajor, left.isTransposed ? CblasTrans : CblasNoTrans,
            right.isTransposed ? CblasTrans : CblasNoTrans, blasint(rows), blasint(columns), blasint(depth), factor,
            left.pointer, blasint(max(1, left.stride)), right.pointer, blasint(max(1, right.stride)), keep, result,
            blasint(columns))
    }
}
