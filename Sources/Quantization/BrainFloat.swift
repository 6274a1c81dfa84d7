/// bfloat16: the upper half of a 32-bit float, 8 bits of exponent and 7 of fraction
/// (Kalamkar et al. 2019, arXiv:1905.12322).
public struct BrainFloat: Sendable {
    private init() {}

    /// The largest finite value, about 3.39e38.
    public static let largest = Float(bitPattern: 0x7f7f_0000)

    /// The code nearest to a value, ties to even; beyond the range infinity. Subnormals are kept.
    @inline(__always)
    public static func code(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        let rounded = (bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16
        // Rounding could carry a NaN into infinity or over the sign.
        let quiet = bits >> 16 | 0x40
        return UInt16(truncatingIfNeeded: bits & 0x7fff_ffff > 0x7f80_0000 ? quiet : rounded)
    }

    /// The value of a code, exactly.
    @inline(__always)
    public static func value(_ code: UInt16) -> Float { Float(bitPattern: UInt32(code) << 16) }
}
