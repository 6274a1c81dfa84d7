import COpenBLAS

/// Single-precision matrix products over OpenBLAS, all matrices row-major.
///
/// OpenBLAS starts a thread pool of its own unless told otherwise. Training runs one model per Swift thread, so the pool
/// would only compete with it: call `useOneThread()` before the first product. Products may then run on several threads
/// at once.
public enum BLAS {
    private static let oneThread: Void = openblas_set_num_threads(1)

    /// Makes every later product of this process run on the thread that calls it. Takes effect once; cheap to repeat.
    public static func useOneThread() { oneThread }

    /// A row-major matrix inside somebody else's memory, as one operand of a product.
    public struct Operand {
        /// First element.
        public let pointer: UnsafePointer<Float>
        /// Elements from one stored row to the next.
        public let stride: Int
        /// Whether the product takes the transpose of what is stored.
        public let isTransposed: Bool

        /// Describes an operand; `stride` is at least the number of stored columns.
        public init(_ pointer: UnsafePointer<Float>, stride: Int, transposed: Bool = false) {
            self.pointer = pointer
            self.stride = stride
            isTransposed = transposed
        }
    }

    /// Computes `result = left · right + keep · result`.
    ///
    /// - Parameters:
    ///   - rows: rows of `result` and of `left` (after transposition). Nothing happens at 0.
    ///   - columns: columns of `result` and of `right` (after transposition). Nothing happens at 0.
    ///   - depth: columns of `left`, rows of `right`; at 0 the result is only scaled.
    ///   - left: `[rows, depth]`.
    ///   - right: `[depth, columns]`.
    ///   - keep: 0 overwrites `result` (whatever it held, NaN included), 1 adds to it.
    ///   - result: `[rows, columns]`, must not overlap the operands.
    ///   - resultStride: elements from one row of `result` to the next, at least `columns`.
    @inline(__always)
    public static func multiply(
        rows: Int, columns: Int, depth: Int, _ left: Operand, _ right: Operand, keep: Float = 0,
        into result: UnsafeMutablePointer<Float>, resultStride: Int
    ) {
        guard rows > 0, columns > 0 else { return }
        cblas_sgemm(
            CblasRowMajor, left.isTransposed ? CblasTrans : CblasNoTrans,
            right.isTransposed ? CblasTrans : CblasNoTrans,
            blasint(rows), blasint(columns), blasint(depth), 1, left.pointer, blasint(left.stride), right.pointer,
            blasint(right.stride), keep, result, blasint(resultStride))
    }
}
