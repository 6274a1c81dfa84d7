/// Small loops over rows `[rows, columns]` that several operations share.
enum Rows {
    /// Adds `vector` to every row, then clamps.
    static func add(
        _ vector: UnsafePointer<Float>?, _ activation: Activation, to rows: UnsafeMutablePointer<Float>, count: Int,
        columns: Int
    ) {
        for row in 0..<count {
            let values = rows + row * columns
            if let vector {
                for i in 0..<columns { values[i] += vector[i] }
            }
            activation.apply(values, count: columns)
        }
    }

    /// Overwrites `sums` with the column sums.
    static func sum(
        _ rows: UnsafePointer<Float>, count: Int, columns: Int, into sums: UnsafeMutablePointer<Float>
    ) {
        sums.update(repeating: 0, count: columns)
        for row in 0..<count {
            let values = rows + row * columns
            for i in 0..<columns { sums[i] += values[i] }
        }
    }

    /// Transposes `[rows, columns]` to `[columns, rows]`.
    static func transpose(
        _ source: UnsafePointer<Float>, rows: Int, columns: Int, into destination: UnsafeMutablePointer<Float>
    ) {
        for column in 0..<columns {
            let target = destination + column * rows
            for row in 0..<rows { target[row] = source[row * columns + column] }
        }
    }
}
