import Quantization
import Tensors

/// Symmetric affine quantization, r = S·q: a weight takes one byte per parameter and a scale per output channel, any
/// other tensor two bytes per parameter and one scale (Jacob et al. 2018, arXiv:1712.05877, with Z = 0).
///
/// Scales are bfloat16, rounded up so that no value of the row is clipped. Vectors are few and often steer more than
/// their size tells, so they keep 16 bits. The error of a value is at most half the scale of its row.
public struct Int8Codec: UpdateCodec {
    /// Makes the codec.
    public init() {}

    /// `int8`.
    public var name: String { "int8" }
    /// Always false.
    public var isLossless: Bool { false }

    /// Bytes of the payload: scales first, then the integers of each tensor.
    static func payloadCount(of layout: ParameterLayout) -> Int {
        2 * layout.rowCount + layout.entries.reduce(0) { $0 + ($1.kind == .weight ? 1 : 2) * $1.count }
    }

    /// Encodes an update; see `UpdateCodec`.
    public func encode(
        _ update: [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) -> [UInt8] {
        try checkUpdate(update, layout: layout)
        let total = Self.payloadCount(of: layout)
        let payload = [UInt8](unsafeUninitializedCapacity: total) { bytes, count in
            update.withUnsafeBufferPointer { Self.write($0, layout: layout, to: bytes) }
            count = total
        }
        return UpdateFrame.wrap(payload, identifier: .int8, layout: layout)
    }

    /// Decodes into `output`; see `UpdateCodec`.
    public func decode(
        _ bytes: [UInt8], layout: ParameterLayout, context: CodecContext, into output: inout [Float]
    ) throws(CodecError) {
        try checkOutput(output, layout: layout)
        let range = try UpdateFrame.unwrap(bytes, identifier: .int8, layout: layout)
        guard range.count == Self.payloadCount(of: layout) else {
            throw .corruptPayload("payload of \(range.count) bytes where the layout asks for another size")
        }
        let isSound = bytes.withUnsafeBytes { raw in
            output.withUnsafeMutableBufferPointer { values in
                Self.read(UnsafeRawBufferPointer(rebasing: raw[range]), layout: layout, into: values)
            }
        }
        guard isSound else { throw .corruptPayload("a scale is negative, NaN or infinite") }
    }

    private static func write(
        _ values: UnsafeBufferPointer<Float>, layout: ParameterLayout, to bytes: UnsafeMutableBufferPointer<UInt8>
    ) {
        let raw = UnsafeMutableRawBufferPointer(bytes)
        var scaleOffset = 0
        var offset = 2 * layout.rowCount
        for entry in layout.entries {
            let isWeight = entry.kind == .weight
            let levels: Float = isWeight ? 127 : 32767
            for start in stride(from: entry.offset, to: entry.range.upperBound, by: entry.columnCount) {
                let row = UnsafeBufferPointer(rebasing: values[start..<(start + entry.columnCount)])
                let scale = BrainFloat.roundedUp(maximumMagnitude(row) / levels, levels: levels)
                raw.storeBytes(of: scale.littleEndian, toByteOffset: scaleOffset, as: UInt16.self)
                scaleOffset += 2
                let inverse = BrainFloat.inverse(scale)
                if isWeight {
                    for index in row.indices {
                        raw[offset + index] = UInt8(bitPattern: Int8(nearest(row[index], inverse, levels)))
                    }
                    offset += row.count
                } else {
                    for index in row.indices {
                        let word = Int16(nearest(row[index], inverse, levels)).littleEndian
                        raw.storeBytes(of: word, toByteOffset: offset + 2 * index, as: Int16.self)
                    }
                    offset += 2 * row.count
                }
            }
        }
    }

    private static func read(
        _ raw: UnsafeRawBufferPointer, layout: ParameterLayout, into output: UnsafeMutableBufferPointer<Float>
    ) -> Bool {
        var scaleOffset = 0
        var offset = 2 * layout.rowCount
        for entry in layout.entries {
            for start in stride(from: entry.offset, to: entry.range.upperBound, by: entry.columnCount) {
                let code = UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: scaleOffset, as: UInt16.self))
                guard code < 0x7f80 else { return false }
                scaleOffset += 2
                let scale = BrainFloat.value(code)
                let row = UnsafeMutableBufferPointer(rebasing: output[start..<(start + entry.columnCount)])
                if entry.kind == .weight {
                    for index in row.indices { row[index] = Float(Int8(bitPattern: raw[offset + index])) * scale }
                    offset += row.count
                } else {
                    for index in row.indices {
                        let word = raw.loadUnaligned(fromByteOffset: offset + 2 * index, as: Int16.self)
                        row[index] = Float(Int16(littleEndian: word)) * scale
                    }
                    offset += 2 * row.count
                }
            }
        }
        return true
    }

    private static func maximumMagnitude(_ row: UnsafeBufferPointer<Float>) -> Float {
        // Magnitudes of finite floats order like their bit patterns, which the compiler turns into vector code.
        Float(bitPattern: row.reduce(into: UInt32(0)) { $0 = max($0, $1.bitPattern & 0x7fff_ffff) })
    }

    @inline(__always)
    private static func nearest(_ value: Float, _ inverse: Float, _ levels: Float) -> Int32 {
        let scaled = max(-levels, min(levels, value * inverse))
        // Adding and subtracting 1.5·2^23 rounds to the nearest integer without a function call.
        return Int32((scaled + 0x1.8p23) - 0x1.8p23)
    }
}
