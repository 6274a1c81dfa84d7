/// Fixed point in the format Qm.n: a sign, m integer bits and n fraction bits; r = q · 2^−n
/// (Lin, Talathi, Annapureddy 2016, section 3, arXiv:1511.06393). Values outside [−2^m, 2^m − 2^−n] saturate.
public struct FixedPointQuantizer: TensorQuantizer, Hashable {
    /// Bits before the point, without the sign.
    public let integerBits: Int
    /// Bits behind the point.
    public let fractionBits: Int
    /// How values between two steps are rounded.
    public let rounding: Rounding

    /// Makes a quantizer of 1 + `integerBits` + `fractionBits` bits, 2–32 in all, neither part negative.
    ///
    /// - Throws: `QuantizationError.unsupportedFixedPoint`.
    public init(integerBits: Int, fractionBits: Int, rounding: Rounding = .nearest) throws(QuantizationError) {
        guard (0...31).contains(integerBits), (0...31).contains(fractionBits),
            (1...31).contains(integerBits + fractionBits)
        else { throw .unsupportedFixedPoint(integerBits: integerBits, fractionBits: fractionBits) }
        self.integerBits = integerBits
        self.fractionBits = fractionBits
        self.rounding = rounding
    }

    /// Bits per value, sign included.
    public var width: Int { 1 + integerBits + fractionBits }

    /// Quantizes a row-major matrix, see `TensorQuantizer.quantize`.
    public func quantize(_ values: [Float], rows: Int = 1) throws(QuantizationError) -> FixedPointTensor {
        _ = try values.checkedColumnCount(rows: rows)
        return FixedPointTensor.quantizing(values, width: width, exponent: -fractionBits, rounding: rounding)
    }
}
