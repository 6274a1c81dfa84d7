import Tensors

/// A row-major matrix, for the encoder's linear algebra.
final class DenseMatrix {
    let rows: Int
    let columns: Int
    let elements: UnsafeMutablePointer<Float>
    private let isOwned: Bool

    /// Number of elements.
    var count: Int { rows * columns }

    init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        elements = .allocate(capacity: max(1, rows * columns))
        elements.initialize(repeating: 0, count: rows * columns)
        isOwned = true
    }

    /// A matrix in somebody else's memory, which outlives it and is only read.
    init(reading values: UnsafePointer<Float>, rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        elements = UnsafeMutablePointer(mutating: values)
        isOwned = false
    }

    /// The columns of one matrix and then those of another, with as many rows.
    convenience init(columnsOf first: DenseMatrix, and second: DenseMatrix) {
        precondition(first.rows == second.rows, "matrices side by side have as many rows")
        self.init(rows: first.rows, columns: first.columns + second.columns)
        for row in 0..<rows {
            let place = elements + row * columns
            place.update(from: first.elements + row * first.columns, count: first.columns)
            (place + first.columns).update(from: second.elements + row * second.columns, count: second.columns)
        }
    }

    /// Few columns, each the sum of every so-many-th column of a matrix under random signs: a sketch (Clarkson, Woodruff
    /// 2013, arXiv:1207.6365) that reads the matrix once.
    convenience init(sketching matrix: DenseMatrix, columns: Int, random: inout SeededRandom) {
        self.init(rows: matrix.rows, columns: columns)
        let signs = DenseMatrix(rows: 1, columns: matrix.columns)
        for index in 0..<signs.count { signs.elements[index] = random.unitFloat() < 0.5 ? -1 : 1 }
        for row in 0..<rows {
            let (sums, values) = (elements + row * columns, matrix.elements + row * matrix.columns)
            for start in stride(from: 0, to: matrix.columns, by: columns) {
                for column in 0..<min(columns, matrix.columns - start) {
                    sums[column] += signs.elements[start + column] * values[start + column]
                }
            }
        }
    }

    deinit { if isOwned { elements.deallocate() } }

    subscript(row: Int, column: Int) -> Float {
        get { elements[row * columns + column] }
        set { elements[row * columns + column] = newValue }
    }

    /// self ← a·b + keep·self, where a and b may be read transposed.
    func product(
        _ a: DenseMatrix, _ b: DenseMatrix, leftTransposed aT: Bool = false, rightTransposed bT: Bool = false,
        keep: Float = 0
    ) {
        let inner = aT ? a.rows : a.columns
        precondition(rows == (aT ? a.columns : a.rows) && columns == (bT ? b.rows : b.columns))
        precondition(inner == (bT ? b.columns : b.rows))
        BLAS.useOneThread()
        BLAS.multiply(
            rows: rows, columns: columns, depth: inner, BLAS.Operand(a.elements, stride: a.columns, transposed: aT),
            BLAS.Operand(b.elements, stride: b.columns, transposed: bT), keep: keep, into: elements,
            resultStride: columns)
    }

    /// A copy with rows and columns exchanged.
    func transposed() -> DenseMatrix {
        let result = DenseMatrix(rows: columns, columns: rows)
        for row in 0..<rows {
            for column in 0..<columns { result.elements[column * rows + row] = elements[row * columns + column] }
        }
        return result
    }

    /// Sum of squares, in double precision over short runs.
    var energy: Double { Self.energy(elements, count) }

    static func energy(_ values: UnsafePointer<Float>, _ count: Int) -> Double {
        var total = 0.0
        var start = 0
        while start < count {
            let end = min(start + 1024, count)
            var lanes = SIMD8<Float>(repeating: 0)
            var index = start
            while index + 8 <= end {
                let part = UnsafeRawPointer(values + index).loadUnaligned(as: SIMD8<Float>.self)
                lanes += part * part
                index += 8
            }
            var sum = lanes.sum()
            while index < end {
                sum += values[index] * values[index]
                index += 1
            }
            total += Double(sum)
            start = end
        }
        return total
    }
}
