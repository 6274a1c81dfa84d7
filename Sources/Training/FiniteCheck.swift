/// Finds NaN and infinite values at the speed of memory.
enum FiniteCheck {
    /// Whether all values are finite: `x · 0` is 0 for every finite x and NaN for any other.
    static func isFinite(_ values: UnsafePointer<Float>, count: Int) -> Bool {
        var sum = SIMD8<Float>.zero
        var i = 0
        while i &+ 8 <= count {
            sum += UnsafeRawPointer(values + i).loadUnaligned(as: SIMD8<Float>.self) * 0
            i &+= 8
        }
        var rest = sum.sum()
        while i < count {
            rest += values[i] * 0
            i &+= 1
        }
        return rest == 0
    }
}
