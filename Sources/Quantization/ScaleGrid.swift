/// A log-uniform grid of scales: code e stands for 2^(e/4), so a scale costs one byte and is bit-equal everywhere.
///
/// The four fractional steps are constants and the power of two is exact, so no platform's `exp2` is involved. Codes
/// −128…127 reach from 2^−32 to about 2^31.75; one step is a factor of 1.19.
public struct ScaleGrid: Sendable {
    private init() {}

    private static let quarterSteps: (Float, Float, Float, Float) = (1, 0x1.306fe0p0, 0x1.6a09e6p0, 0x1.ae89fap0)

    /// The scale 2^(code/4) that a code stands for.
    public static func scale(code: Int8) -> Float {
        let fraction: Float =
            switch code & 3 {
            case 0: quarterSteps.0
            case 1: quarterSteps.1
            case 2: quarterSteps.2
            default: quarterSteps.3
            }
        return fraction * Float(sign: .plus, exponent: Int(code >> 2), significand: 1)
    }

    /// The code of the smallest scale with `levels · scale ≥ maximumMagnitude`.
    ///
    /// - Parameters:
    ///   - maximumMagnitude: largest absolute value to cover, ≥ 0.
    ///   - levels: steps on either side of zero, at least 1.
    /// - Returns: −128 for magnitudes below the grid; 127 also for magnitudes that even the coarsest scale does not
    ///   cover, which callers check with `covers`.
    public static func code(covering maximumMagnitude: Float, levels: Int) -> Int8 {
        var low = -128
        var high = 127
        while low < high {
            let middle = (low + high) >> 1
            if covers(maximumMagnitude, code: Int8(middle), levels: levels) { high = middle } else { low = middle + 1 }
        }
        return Int8(low)
    }

    /// Whether `levels` steps of the scale of `code` reach `maximumMagnitude`.
    public static func covers(_ maximumMagnitude: Float, code: Int8, levels: Int) -> Bool {
        Float(levels) * scale(code: code) >= maximumMagnitude
    }
}
