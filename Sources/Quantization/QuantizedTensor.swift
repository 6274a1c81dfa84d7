/// What a quantizer has made of a tensor.
public protocol QuantizedTensor: Sendable {
    /// Number of values.
    var count: Int { get }
    /// Bits that the values and their side information (scales, codebooks) take, packed but not entropy-coded.
    var bitCount: Int { get }
    /// The largest distance between a value and what it is decoded to, up to float rounding.
    var errorBound: Float { get }

    /// The values that the integers stand for.
    func dequantized() -> [Float]
}
