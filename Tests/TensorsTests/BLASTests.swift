import Tensors
import Testing

struct BLASTests {
    @Test(
        arguments: [(1, 1, 1), (2, 3, 4), (7, 5, 3), (17, 33, 65), (3, 2, 0), (0, 3, 2)],
        [(false, false), (true, false), (false, true), (true, true)])
    func productsMatchTheDefinition(size: (Int, Int, Int), transposed: (Bool, Bool)) {
        BLAS.useOneThread()
        let (rows, columns, depth) = size
        var random = SeededRandom(Seed(1))
        let left = (0..<rows * depth).map { _ in random.unitFloat() - 0.5 }
        let right = (0..<depth * columns).map { _ in random.unitFloat() - 0.5 }
        for keep in [0, 1] as [Float] {
            // NaN must not survive being overwritten.
            var result = [Float](repeating: keep == 0 ? .nan : 2, count: rows * columns)
            left.withUnsafeBufferPointer { a in
                right.withUnsafeBufferPointer { b in
                    result.withUnsafeMutableBufferPointer { c in
                        guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
                        BLAS.multiply(
                            rows: rows, columns: columns, depth: depth,
                            .init(a, stride: max(1, transposed.0 ? rows : depth), transposed: transposed.0),
                            .init(b, stride: max(1, transposed.1 ? depth : columns), transposed: transposed.1),
                            keep: keep, into: c, resultStride: columns)
                    }
                }
            }
            guard depth > 0 else { continue }
            for i in 0..<rows {
                for j in 0..<columns {
                    var expected = keep * 2
                    for k in 0..<depth {
                        expected +=
                            (transposed.0 ? left[k * rows + i] : left[i * depth + k])
                            * (transposed.1 ? right[j * depth + k] : right[k * columns + j])
                    }
                    #expect(abs(result[i * columns + j] - expected) < 1e-4)
                }
            }
        }
    }
}
