import Tensors

/// One bit per parameter and the mean magnitude of each tensor (signSGD; Bernstein et al. 2018, arXiv:1802.04434; the
/// scale makes it a contraction, Karimireddy et al. 2019, arXiv:1901.09847). Meant for error feedback.
///
/// Payload: a float32 per tensor, then the signs, the first in the lowest bit; 1 is negative.
public struct SignSGDCodec: UpdateCodec {
    /// Makes the codec.
    public init() {}

    /// The name with its parameters.
    public var name: String { "signsgd" }
    /// Whether every bit comes back.
    public var isLossless: Bool { false }

    /// Encodes an update, see `UpdateCodec.encode`.
    public func encode(
        _ update: [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) -> [UInt8] {
        try checkUpdate(update, layout: layout)
        var payload: [UInt8] = []
        payload.reserveCapacity(4 * layout.entries.count + (update.count + 7) / 8)
        update.withUnsafeBufferPointer { values in
            for entry in layout.entries {
                let tensor = UnsafeBufferPointer(rebasing: values[entry.range])
                payload.append(magnitude: Float(tensor.magnitudeSum / Double(entry.count)))
            }
            SignBits.append(values, to: &payload)
        }
        return UpdateFrame.wrap(payload, identifier: .signSGD, layout: layout)
    }

    /// Decodes an update, see `UpdateCodec.decode`.
    public func decode(
        _ bytes: [UInt8], layout: ParameterLayout, context: CodecContext, into output: inout [Float]
    ) throws(CodecError) {
        try checkOutput(output, layout: layout)
        var reader = PayloadReader(bytes, try UpdateFrame.unwrap(bytes, identifier: .signSGD, layout: layout))
        var scales: [Float] = []
        for _ in layout.entries { scales.append(try reader.magnitude()) }
        let signs = try reader.take((layout.count + 7) / 8)
        try reader.finish()
        for (entry, scale) in zip(layout.entries, scales) {
            SignBits.read(signs, range: entry.range, scale: scale, into: &output)
        }
    }
}
