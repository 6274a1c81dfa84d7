import CIntegerDot

/// Fixed-point steps of the reference kernels (Jacob, Warden 2015–, gemmlowp `fixedpoint.h`; TensorFlow Lite
/// `kernels/internal/common.h`).
public enum FixedPoint {
    /// `a · b / 2³¹`, halves towards +∞. `b` must not be negative, so nothing saturates.
    @inlinable @inline(__always)
    public static func doublingHighMultiply(_ a: Int32, _ b: Int32) -> Int32 {
        c_integer_high_multiply(a, b)
    }

    /// `value / 2^exponent` with 0 ≤ `exponent` ≤ 31, halves away from zero.
    @inlinable @inline(__always)
    public static func roundingShift(_ value: Int32, _ exponent: Int32) -> Int32 {
        let mask = Int32(bitPattern: (UInt32(1) &<< UInt32(bitPattern: exponent)) &- 1)
        let remainder = value & mask
        let threshold = (mask &>> 1) &+ (value < 0 ? 1 : 0)
        return (value &>> exponent) &+ (remainder > threshold ? 1 : 0)
    }

    /// `value · multiplier · 2^(shift − 31)`, rounded twice.
    ///
    /// - Parameters:
    ///   - multiplier: Q0.31, 2³⁰ to 2³¹ − 1, or 0.
    ///   - shift: −31 to 30; positive ones shift left before the product.
    @inlinable @inline(__always)
    public static func multiply(_ value: Int32, _ multiplier: Int32, shift: Int32) -> Int32 {
        guard shift < 0 else { return doublingHighMultiply(value &<< shift, multiplier) }
        // As `roundingShift`, in fewer steps: one less than half is added to negative values, half to others. −2³¹, from
        // which 1 must not be taken, is no such product.
        let high = doublingHighMultiply(value, multiplier)
        let lowered = high &+ (high &>> 31)
        return ((lowered &>> ~shift) &+ 1) &>> 1
    }
}
