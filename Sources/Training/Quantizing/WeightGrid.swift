/// Symmetric steps of one output channel: a weight is `scale · q` with q within ±(2^(bits − 1) − 1).
public enum WeightGrid {
    /// Largest integer of a width: 127 for 8 bits, 7 for 4.
    public static func limit(bits: Int) -> Int { 1 << (bits - 1) - 1 }

    /// The scale of a row: at 8 bits the smallest that reaches its largest magnitude; below, the one with the least
    /// squared error of 13 that clip up to half of it, because few steps make outliers expensive (Banner, Nahshan, Soudry
    /// 2019, arXiv:1810.05723). 1 for a row of zeros.
    ///
    /// - Precondition: `bits` is 2 to 8.
    public static func scale(of row: UnsafeBufferPointer<Float>, bits: Int) -> Float {
        precondition((2...8).contains(bits), "weights have 2 to 8 bits")
        let largest = magnitude(of: row)
        guard largest > 0 else { return 1 }
        let limit = Float(Self.limit(bits: bits))
        let widest = max(largest / limit, .leastNormalMagnitude)
        guard bits < 8 else { return widest }
        var best = (scale: widest, error: Float.infinity)
        for step in 0...12 {
            let scale = max(widest * (1 - Float(step) / 24), .leastNormalMagnitude)
            let error = squaredError(of: row, scale: scale, limit: limit)
            if error < best.error { best = (scale, error) }
        }
        return best.scale
    }

    /// The scale of a row in an array.
    public static func scale(of row: ArraySlice<Float>, bits: Int) -> Float {
        row.withUnsafeBufferPointer { scale(of: $0, bits: bits) }
    }

    /// Replaces each weight by the nearest of the grid, halves to even.
    static func round(_ row: UnsafeMutableBufferPointer<Float>, bits: Int) {
        let scale = scale(of: UnsafeBufferPointer(row), bits: bits)
        let (limit, inverse) = (Float(limit(bits: bits)), 1 / scale)
        guard inverse.isFinite else { return }
        for index in row.indices {
            row[index] = RoundingTrick.nearest(max(-limit, min(limit, row[index] * inverse))) * scale
        }
    }

    private static func magnitude(of row: UnsafeBufferPointer<Float>) -> Float {
        var largest: Float = 0
        for value in row { largest = max(largest, abs(value)) }
        return largest
    }

    private static func squaredError(of row: UnsafeBufferPointer<Float>, scale: Float, limit: Float) -> Float {
        let inverse = 1 / scale
        guard inverse.isFinite else { return .infinity }
        var sum: Float = 0
        for value in row {
            let difference = RoundingTrick.nearest(max(-limit, min(limit, value * inverse))) * scale - value
            sum += difference * difference
        }
        return sum
    }
}

/// Rounds to the nearest whole number, halves to even, for magnitudes up to 2^22: at 1.5 · 2^23 a Float has no room for
/// fractions. Two additions are vector code on every machine, which `rounded()` is not.
enum RoundingTrick {
    static let shift: Float = 12_582_912

    @inline(__always)
    static func nearest(_ value: Float) -> Float { (value + shift) - shift }

    @inline(__always)
    static func nearest(_ value: SIMD8<Float>) -> SIMD8<Float> { (value + shift) - shift }
}
