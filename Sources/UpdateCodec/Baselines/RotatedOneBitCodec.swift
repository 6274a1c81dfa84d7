import Quantization
import Tensors

/// One bit per parameter after a random rotation, with the scale that makes the estimate unbiased (DRIVE; Vargaftik et al.
/// 2021, section 4, arXiv:2105.08339; the 1-bit case of EDEN, Vargaftik et al. 2022, arXiv:2108.08842).
///
/// The rotation is a randomized Hadamard transform in blocks of 4096, for which unbiasedness holds up to an error that
/// vanishes with the block's length. The seed travels with the update, so that bytes decode on their own.
///
/// Payload: 8 bytes of seed, an exponent, a float32 per block, then the signs, the first in the lowest bit.
public struct RotatedOneBitCodec: UpdateCodec {
    /// Which scale a block's signs get.
    public enum Scale: String, Hashable, Sendable {
        /// ‖x‖²/‖Rx‖₁: unbiased; NMSE about π/2 − 1 = 0.57.
        case unbiased
        /// ‖Rx‖₁/n: the least squared error, NMSE about 1 − 2/π = 0.36, but shrunk; for error feedback.
        case nearest
    }

    /// The scale of the blocks.
    public let scale: Scale

    static let blockSize = 4096

    /// Makes the codec.
    public init(scale: Scale = .unbiased) { self.scale = scale }

    /// The name with its parameters.
    public var name: String { scale == .unbiased ? "rotated-1bit" : "rotated-1bit:scale=\(scale.rawValue)" }
    /// Whether every bit comes back.
    public var isLossless: Bool { false }

    /// Encodes an update, see `UpdateCodec.encode`.
    public func encode(
        _ update: [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) -> [UInt8] {
        try checkUpdate(update, layout: layout)
        let seed = context.seed.derived("rotation", context.round)
        let rotation = HadamardRotation(seed: seed, blockSize: Self.blockSize)
        // A power of two keeps sums over a block within range, whatever the magnitude of the update.
        let exponent = HalfScale(maximum: update.withUnsafeBufferPointer { $0.maximumMagnitude })
        var rotated = update
        let up = exponent.up * 0x1p-14
        for index in rotated.indices { rotated[index] *= up }
        rotation.apply(&rotated)
        var payload: [UInt8] = []
        payload.reserveCapacity(update.count / 8 + update.count / 1024 + 64)
        payload.append(integer: seed.value, byteCount: 8)
        payload.append(UInt8(bitPattern: exponent.exponent))
        rotated.withUnsafeBufferPointer { values in
            for block in rotation.blocks(of: values.count) {
                payload.append(magnitude: scale(of: UnsafeBufferPointer(rebasing: values[block])))
            }
            SignBits.append(values, to: &payload)
        }
        return UpdateFrame.wrap(payload, identifier: .rotatedOneBit, layout: layout)
    }

    /// Decodes an update, see `UpdateCodec.decode`.
    public func decode(
        _ bytes: [UInt8], layout: ParameterLayout, context: CodecContext, into output: inout [Float]
    ) throws(CodecError) {
        try checkOutput(output, layout: layout)
        var reader = PayloadReader(bytes, try UpdateFrame.unwrap(bytes, identifier: .rotatedOneBit, layout: layout))
        let rotation = HadamardRotation(seed: Seed(try reader.integer(byteCount: 8)), blockSize: Self.blockSize)
        let exponent = try HalfScale(sent: try reader.byte())
        let blocks = rotation.blocks(of: layout.count)
        var scales: [Float] = []
        for _ in blocks {
            let scale = try reader.magnitude()
            // Scaled values are below 2, so no block of an encoder has a larger scale.
            guard scale <= Float(Self.blockSize) else { throw .corruptPayload("scale \(scale)") }
            scales.append(scale)
        }
        let signs = try reader.take((layout.count + 7) / 8)
        try reader.finish()
        for (block, scale) in zip(blocks, scales) {
            SignBits.read(signs, range: block, scale: scale, into: &output)
        }
        rotation.invert(&output)
        let down = exponent.down * 0x1p14
        let largest = Float.greatestFiniteMagnitude
        output.withUnsafeMutableBufferPointer { values in
            for index in values.indices { values[index] = max(-largest, min(largest, values[index] * down)) }
        }
    }

    private func scale(of block: UnsafeBufferPointer<Float>) -> Float {
        let sum = block.magnitudeSum
        guard sum > 0 else { return 0 }
        switch scale {
        case .nearest: return Float(sum / Double(block.count))
        // The rotation keeps the norm.
        case .unbiased:
            return min(Float(block.reduce(0.0) { $0 + Double($1) * Double($1) } / sum), Float(Self.blockSize))
        }
    }
}
