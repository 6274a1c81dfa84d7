/// The power of two that brings a tensor's largest magnitude to the top of fp16's range, so that small updates do not
/// end among its subnormals (loss scaling; Micikevicius et al. 2018, section 3.2, arXiv:1710.03740).
struct HalfScale {
    /// Exponent of the largest magnitude, −112…127.
    let exponent: Int8

    init(maximum: Float) { exponent = maximum > 0 ? Int8(max(-112, Int(maximum.exponent))) : -112 }

    /// Takes over an exponent that was sent.
    init(sent byte: UInt8) throws(CodecError) {
        exponent = Int8(bitPattern: byte)
        guard exponent >= -112 else { throw .corruptPayload("exponent \(exponent)") }
    }

    /// What values are multiplied by before they are rounded.
    var up: Float { Float(sign: .plus, exponent: 14 - Int(exponent), significand: 1) }
    /// What decoded values are multiplied by; 2^15 times this is 2^128 at most.
    var down: Float { Float(sign: .plus, exponent: Int(exponent) - 14, significand: 1) }
}
