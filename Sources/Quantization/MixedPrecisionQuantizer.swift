/// 16-bit activations with 8-bit weights, both symmetric, the weights with a scale per output channel: int8-sized models
/// for signals that need more than 8 bits (the 16x8 scheme of TensorFlow Lite's quantization specification).
public struct MixedPrecisionQuantizer: Hashable, Sendable {
    private let weightFormat: PerChannelAffineQuantizer
    /// How activations are rounded.
    public let rounding: Rounding

    /// Makes a quantizer.
    public init(rounding: Rounding = .nearest) throws(QuantizationError) {
        weightFormat = try PerChannelAffineQuantizer(width: 8)
        self.rounding = rounding
    }

    /// Quantizes the weights of a layer, [rows, columns] row-major, within ±127.
    ///
    /// - Throws: `QuantizationError.unevenRows`, `.notFinite`.
    public func quantizeWeights(_ weights: [Float], rows: Int) throws(QuantizationError) -> AffineTensor {
        try weightFormat.format.quantize(weights, rows: rows)
    }

    /// Quantizes activations within ±32767 under one scale.
    ///
    /// - Throws: `QuantizationError.notFinite`.
    public func quantizeActivations(_ activations: [Float]) throws(QuantizationError) -> AffineTensor {
        try activations.checkFinite()
        let scale = activations.reduce(Float(0)) { max($0, abs($1)) } / 32767
        let integers = rounding.integers(activations, scale: scale, range: -32767...32767)
        return AffineTensor(scales: [scale], zeroPoints: [0], integers: integers.map { Int16($0) })
    }

    /// The product of a weight matrix and an activation vector, accumulated in 64-bit integers and scaled once per row.
    ///
    /// - Parameters:
    ///   - weights: what `quantizeWeights` gave, [rows, columns].
    ///   - activations: what `quantizeActivations` gave, `columns` values.
    /// - Returns: one value per row.
    public static func product(weights: AffineTensor, activations: AffineTensor) -> [Float] {
        let columns = activations.integers.count
        precondition(weights.integers.count == weights.scales.count * columns, "shapes do not fit")
        let scale = activations.scales.first ?? 0
        return weights.scales.indices.map { row in
            var sum: Int64 = 0
            for column in 0..<columns {
                sum += Int64(weights.integers[row * columns + column]) * Int64(activations.integers[column])
            }
            return Float(sum) * weights.scales[row] * scale
        }
    }
}
