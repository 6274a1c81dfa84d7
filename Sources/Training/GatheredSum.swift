/// Which rows of a matrix to add, and by how much: the nonzeros of one row of a sparse gradient.
struct GatheredRows {
    /// First element of each row, counted from the source.
    let offsets: UnsafePointer<Int32>
    /// What each row is multiplied with.
    let factors: UnsafePointer<Float>
    let count: Int
}

/// `destination += Σ factor · source[offset ...]`, the product of a sparse vector and a matrix.
enum GatheredSum {
    /// Adds `width` columns, a multiple of 4, of the gathered rows to `destination`.
    ///
    /// Up to 48 columns at a time, twelve vectors, stay in registers while the list goes by.
    @inline(__always)
    static func add(
        _ rows: GatheredRows, of source: UnsafePointer<Float>, width: Int,
        to destination: UnsafeMutablePointer<Float>
    ) {
        var column = 0
        if width >= 48, width & 31 >= 16 {
            wide(rows, source, destination)
            column = 48
        }
        while column &+ 32 <= width {
            block(SIMD16<Float>.self, second: true, rows, source + column, destination + column)
            column &+= 32
        }
        if column &+ 16 <= width {
            block(SIMD16<Float>.self, second: false, rows, source + column, destination + column)
            column &+= 16
        }
        if column &+ 8 <= width {
            block(SIMD8<Float>.self, second: false, rows, source + column, destination + column)
            column &+= 8
        }
        if column < width { single(rows, source + column, destination + column) }
    }

    @inline(__always)
    private static func wide(
        _ rows: GatheredRows, _ source: UnsafePointer<Float>, _ destination: UnsafeMutablePointer<Float>
    ) {
        let type = SIMD16<Float>.self
        var (a, b, c) = (load(type, destination), load(type, destination + 16), load(type, destination + 32))
        for i in 0..<rows.count {
            let row = source + Int(rows.offsets[i])
            let factor = SIMD16<Float>(repeating: rows.factors[i])
            a += load(type, row) * factor
            b += load(type, row + 16) * factor
            c += load(type, row + 32) * factor
        }
        store(a, destination)
        store(b, destination + 16)
        store(c, destination + 32)
    }

    @inline(__always)
    private static func block<Vector: SIMD<Float>>(
        _ type: Vector.Type, second: Bool, _ rows: GatheredRows, _ source: UnsafePointer<Float>,
        _ destination: UnsafeMutablePointer<Float>
    ) {
        let lanes = Vector.scalarCount
        var low = load(type, destination)
        var high = second ? load(type, destination + lanes) : Vector(repeating: 0)
        for i in 0..<rows.count {
            let row = source + Int(rows.offsets[i])
            let factor = Vector(repeating: rows.factors[i])
            low += load(type, row) * factor
            if second { high += load(type, row + lanes) * factor }
        }
        store(low, destination)
        if second { store(high, destination + lanes) }
    }

    /// Four columns: four rows at once, because one sum alone would wait for itself.
    @inline(__always)
    private static func single(
        _ rows: GatheredRows, _ source: UnsafePointer<Float>, _ destination: UnsafeMutablePointer<Float>
    ) {
        var sums = (load(SIMD4<Float>.self, destination), SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero)
        var i = 0
        while i &+ 4 <= rows.count {
            let offsets = rows.offsets + i
            let factors = rows.factors + i
            sums.0 += load(SIMD4<Float>.self, source + Int(offsets[0])) * factors[0]
            sums.1 += load(SIMD4<Float>.self, source + Int(offsets[1])) * factors[1]
            sums.2 += load(SIMD4<Float>.self, source + Int(offsets[2])) * factors[2]
            sums.3 += load(SIMD4<Float>.self, source + Int(offsets[3])) * factors[3]
            i &+= 4
        }
        while i < rows.count {
            sums.0 += load(SIMD4<Float>.self, source + Int(rows.offsets[i])) * rows.factors[i]
            i &+= 1
        }
        store((sums.0 + sums.1) + (sums.2 + sums.3), destination)
    }

    @inline(__always)
    private static func load<Vector: SIMD<Float>>(
        _ type: Vector.Type, _ pointer: UnsafePointer<Float>
    ) -> Vector {
        UnsafeRawPointer(pointer).loadUnaligned(as: type)
    }

    @inline(__always)
    private static func store<Vector: SIMD<Float>>(_ value: Vector, _ pointer: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: Vector.self)
    }
}
