/// IEEE 754 binary16: 5 bits of exponent, 10 of fraction. Integer arithmetic without branches, so that loops over it
/// become vector code on machines that lack the instruction, with the same bits everywhere.
public struct HalfFloat: Sendable {
    private init() {}

    /// The largest finite value, 65504.
    public static let largest: Float = 65504

    /// The code nearest to a value, ties to even; beyond the range infinity, below it a subnormal or zero.
    @inline(__always)
    public static func code(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        let magnitude = bits & 0x7fff_ffff
        let normal = (magnitude &+ 0xfff &+ (magnitude >> 13 & 1)) >> 13 &- 0x1c000
        // The last place of 0.5 is 2^-24, the step of subnormals: the addition itself rounds to them.
        let subnormal = (Float(bitPattern: magnitude) + 0.5).bitPattern &- 0x3f00_0000
        let special: UInt32 = magnitude > 0x7f80_0000 ? 0x7e00 : 0x7c00
        let finite = magnitude < 0x3880_0000 ? subnormal : normal
        let result = magnitude >= 0x477f_f000 ? special : finite
        return UInt16(truncatingIfNeeded: result | bits >> 16 & 0x8000)
    }

    /// The value of a code, exactly.
    @inline(__always)
    public static func value(_ code: UInt16) -> Float {
        let magnitude = UInt32(code & 0x7fff) << 13
        let normal = magnitude &+ 0x3800_0000
        // One more in the exponent makes the hidden bit of 2^-14 explicit, which is then taken away.
        let subnormal = (Float(bitPattern: magnitude &+ 0x3880_0000) - 0x1p-14).bitPattern
        let finite = magnitude < 0x0080_0000 ? subnormal : normal
        let result = magnitude >= 0x0f80_0000 ? magnitude | 0x7f80_0000 : finite
        return Float(bitPattern: result | UInt32(code & 0x8000) << 16)
    }
}
