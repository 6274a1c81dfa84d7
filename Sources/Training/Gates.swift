/// Vectors of the functions that gates are made of.
enum Gates {
    /// `exp(x)` to about one unit in the last place, for x clamped to ±87: range reduction by ln 2 in two parts (Cody,
    /// Waite 1980) and a polynomial of degree 6. NaN stays NaN.
    @inline(__always)
    static func exp(_ x: SIMD8<Float>) -> SIMD8<Float> {
        let low = SIMD8<Float>(repeating: -87)
        let high = SIMD8<Float>(repeating: 87)
        let bounded = x.replacing(with: low, where: x .< low).replacing(with: high, where: x .> high)
        // Adding 1.5 · 2^23 rounds to a whole number, which then sits in the low bits.
        let magic = SIMD8<Float>(repeating: 0x1.8p23)
        let shifted = bounded * 0x1.715476p0 + magic
        let whole = shifted - magic
        let r = (bounded - whole * 0x1.62e400p-1) - whole * 0x1.7f7d1cp-20
        var p = SIMD8<Float>(repeating: 1 / 720)
        p = p * r + 1 / 120
        p = p * r + 1 / 24
        p = p * r + 1 / 6
        p = p * r + 0.5
        p = p * r + 1
        p = p * r + 1
        let bits = unsafeBitCast(shifted, to: SIMD8<UInt32>.self)
        let scale = (bits &+ 127) &<< 23
        return p * unsafeBitCast(scale, to: SIMD8<Float>.self)
    }

    /// `1 / (1 + exp(−x))`.
    @inline(__always)
    static func sigmoid(_ x: SIMD8<Float>) -> SIMD8<Float> { 1 / (1 + exp(-x)) }

    /// `tanh(x)`, absolute error about 1e-7.
    @inline(__always)
    static func tanh(_ x: SIMD8<Float>) -> SIMD8<Float> { 1 - 2 / (1 + exp(x + x)) }
}
