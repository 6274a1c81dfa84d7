/// Base-2 logarithms of integers in integer arithmetic, the same on every machine.
enum FixedLogarithm {
    /// log2(value) in units of 1/256, off by at most 2 units; `value` is at least 1.
    ///
    /// Within an octave log2(1 + f) ≈ f + 0.3438·f·(1 − f), accurate to 0.008.
    @inline(__always)
    static func log2(_ value: Int) -> Int {
        let exponent = Int.bitWidth - 1 - value.leadingZeroBitCount
        let fraction = (exponent >= 8 ? value >> (exponent - 8) : value << (8 - exponent)) & 0xff
        return exponent << 8 + fraction + (fraction &* (256 &- fraction) &* 88) >> 16
    }
}
