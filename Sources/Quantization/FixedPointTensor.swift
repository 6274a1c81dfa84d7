/// Integers that share one power of two: value = integer · 2^exponent.
public struct FixedPointTensor: QuantizedTensor, Hashable {
    /// Bits per value, sign included.
    public let width: Int
    /// Exponent of the step; −n in the format Qm.n.
    public let exponent: Int
    /// The integers, within ±2^(width−1).
    public let integers: [Int32]
    /// Half a step (one step when rounding is stochastic), or more where values saturated.
    public let errorBound: Float

    /// Number of values.
    public var count: Int { integers.count }
    /// Bits that the values and their side information take.
    public var bitCount: Int { 8 + width * integers.count }

    /// The values that this stands for.
    public func dequantized() -> [Float] {
        let step = Self.step(exponent)
        // The largest floats round up to 2^128, which is not a float.
        let largest = Float.greatestFiniteMagnitude
        return integers.map { max(-largest, min(largest, Float($0) * step)) }
    }

    static func step(_ exponent: Int) -> Float { Float(sign: .plus, exponent: exponent, significand: 1) }

    static func quantizing(_ values: [Float], width: Int, exponent: Int, rounding: Rounding) -> FixedPointTensor {
        let step = step(exponent)
        let limit = Int32(truncatingIfNeeded: 1 << (width - 1) - 1)
        let integers = rounding.integers(values, scale: step, range: (-limit - 1)...limit)
        var bound = rounding.errorBoundInSteps * step
        for (value, integer) in zip(values, integers) where integer == limit || integer == -limit - 1 {
            let distance = abs(Double(value) - Double(integer) * Double(step))
            bound = max(bound, Float(min(distance, Double(Float.greatestFiniteMagnitude))))
        }
        return FixedPointTensor(width: width, exponent: exponent, integers: integers, errorBound: bound)
    }
}
