import Quantization

/// Scales and steps as bfloat16: full range in two bytes, eight bits of precision, never negative.
extension BrainFloat {
    /// The smallest normal number, 2^-126: finer steps would not have a finite inverse.
    private static let smallestScale: UInt16 = 0x0080

    /// The smallest code at or above `value` for which `levels` steps are still finite; 0 only for 0.
    static func roundedUp(_ value: Float, levels: Float) -> UInt16 {
        let bits = value.bitPattern
        guard bits > 0 else { return 0 }
        var code = max(smallestScale, UInt16(truncatingIfNeeded: (bits &+ 0xffff) >> 16))
        while code > 0, !(self.value(code) * levels).isFinite { code -= 1 }
        return code
    }

    /// One over the value of a code, 0 for code 0.
    static func inverse(_ code: UInt16) -> Float { code == 0 ? 0 : 1 / value(code) }
}
