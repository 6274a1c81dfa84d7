import Foundation

/// A positive factor as a Q0.31 integer and a power of two (TensorFlow Lite, `QuantizeMultiplier`).
struct OutputMultiplier {
    /// 2³⁰ to 2³¹ − 1, or 0.
    let integer: Int32
    /// The factor is `integer · 2^(shift − 31)`.
    let shift: Int32

    init(_ factor: Double) {
        guard factor > 0, factor.isFinite else {
            integer = 0
            shift = 0
            return
        }
        let exponent = Int(factor.exponent) + 1
        let fraction = factor.significand / 2
        var rounded = Int64((fraction * 2_147_483_648).rounded(.toNearestOrAwayFromZero))
        var power = exponent
        if rounded == 1 << 31 {
            rounded /= 2
            power += 1
        }
        if power < -31 {
            integer = 0
            shift = 0
        } else {
            integer = Int32(clamping: rounded)
            shift = Int32(power)
        }
    }
}
