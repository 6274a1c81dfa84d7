/// Turns finite values into few bits each.
public protocol TensorQuantizer: Sendable {
    /// What quantizing gives.
    associatedtype Quantized: QuantizedTensor

    /// Quantizes a row-major matrix; rows are the channels that may carry parameters of their own.
    ///
    /// - Parameters:
    ///   - values: finite values, possibly none.
    ///   - rows: number of rows, at least 1, a divisor of `values.count`.
    /// - Throws: `QuantizationError.unevenRows`, `.notFinite`, and what the format itself cannot hold.
    func quantize(_ values: [Float], rows: Int) throws(QuantizationError) -> Quantized
}
