/// Dynamic fixed point: every tensor has the smallest exponent at which its largest magnitude still fits
/// (Courbariaux, Bengio, David 2015, section 5, arXiv:1412.7024). Nothing saturates, except that two bits end at 2^127.
public struct DynamicFixedPointQuantizer: TensorQuantizer, Hashable {
    /// Bits per value, sign included, 2–16.
    public let width: Int
    /// How values between two steps are rounded.
    public let rounding: Rounding

    /// Exponents that a tensor may have; 2^−149 is the smallest float.
    static let exponents = -149...127

    /// Makes a quantizer.
    ///
    /// - Throws: `QuantizationError.unsupportedWidth` outside 2–16 bits.
    public init(width: Int, rounding: Rounding = .nearest) throws(QuantizationError) {
        guard (2...16).contains(width) else { throw .unsupportedWidth(width) }
        self.width = width
        self.rounding = rounding
    }

    /// Quantizes a row-major matrix, see `TensorQuantizer.quantize`.
    public func quantize(_ values: [Float], rows: Int = 1) throws(QuantizationError) -> FixedPointTensor {
        _ = try values.checkedColumnCount(rows: rows)
        let maximum = values.reduce(Float(0)) { max($0, abs($1)) }
        return FixedPointTensor.quantizing(
            values, width: width, exponent: exponent(covering: maximum), rounding: rounding)
    }

    /// The smallest exponent at which `maximum` rounds to an integer of the width.
    func exponent(covering maximum: Float) -> Int {
        guard maximum > 0 else { return Self.exponents.lowerBound }
        let limit = Float(1 << (width - 1) - 1)
        var exponent = max(Self.exponents.lowerBound, Int(maximum.exponent) + 1 - (width - 1))
        if maximum > limit * FixedPointTensor.step(exponent) { exponent += 1 }
        return min(exponent, Self.exponents.upperBound)
    }
}
