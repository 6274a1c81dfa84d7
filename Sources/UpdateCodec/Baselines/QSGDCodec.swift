import Tensors

/// Integers by unbiased stochastic rounding, with a scale per bucket of neighbours (QSGD; Alistarh et al. 2017, sections 3.1
/// and 4, arXiv:1610.02132; scaled by the largest magnitude, as in its experiments). The draws come from the context's
/// seed and round; a reader does not need them. Where the paper has Elias codes, the integers are entropy-coded.
///
/// Payload: bits, bucket size, a float32 per bucket, then the integers.
public struct QSGDCodec: UpdateCodec {
    /// Bits of an integer, sign included, 2–8.
    public let width: Int
    /// Values that share a scale, 1…65536.
    public let bucketSize: Int

    static let standard = (width: 8, bucketSize: 512)

    /// Makes the codec.
    ///
    /// - Throws: `CodecError.invalidParameter` outside 2–8 bits or buckets of 1…65536.
    public init(width: Int = 8, bucketSize: Int = 512) throws(CodecError) {
        guard (2...8).contains(width) else { throw .invalidParameter("qsgd has 2–8 bits, not \(width)") }
        guard (1...65536).contains(bucketSize) else {
            throw .invalidParameter("qsgd has buckets of 1–65536, not \(bucketSize)")
        }
        self.width = width
        self.bucketSize = bucketSize
    }

    /// The name with its parameters.
    public var name: String {
        (width, bucketSize) == Self.standard ? "qsgd" : "qsgd:bits=\(width),bucket=\(bucketSize)"
    }
    /// Whether every bit comes back.
    public var isLossless: Bool { false }

    /// Encodes an update, see `UpdateCodec.encode`.
    public func encode(
        _ update: [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) -> [UInt8] {
        try checkUpdate(update, layout: layout)
        let levels = Float(1 << (width - 1) - 1)
        var random = SeededRandom(context.seed.derived("qsgd", context.round))
        var payload: [UInt8] = [UInt8(width)]
        Varint.append(UInt64(bucketSize), to: &payload)
        let symbols = [UInt8](unsafeUninitializedCapacity: update.count) { symbols, count in
            update.withUnsafeBufferPointer { values in
                for start in stride(from: 0, to: values.count, by: bucketSize) {
                    let end = min(start + bucketSize, values.count)
                    let scale = UnsafeBufferPointer(rebasing: values[start..<end]).maximumMagnitude
                    payload.append(magnitude: scale)
                    let inverse = levels / scale
                    let factor = inverse.isFinite ? inverse : 0
                    for index in start..<end {
                        let magnitude = min(levels, (abs(values[index]) * factor + random.unitFloat()).rounded(.down))
                        let integer = values[index] < 0 ? -magnitude : magnitude
                        symbols[index] = UInt8(truncatingIfNeeded: Int32(integer + levels))
                    }
                }
            }
            count = update.count
        }
        payload += SymbolStream.encode([SymbolStream.Run(width: width, symbols: symbols)])
        return UpdateFrame.wrap(payload, identifier: .qsgd, layout: layout)
    }

    /// Decodes an update, see `UpdateCodec.decode`.
    public func decode(
        _ bytes: [UInt8], layout: ParameterLayout, context: CodecContext, into output: inout [Float]
    ) throws(CodecError) {
        try checkOutput(output, layout: layout)
        var reader = PayloadReader(bytes, try UpdateFrame.unwrap(bytes, identifier: .qsgd, layout: layout))
        let width = Int(try reader.byte())
        guard (2...8).contains(width) else { throw .corruptPayload("\(width) bits") }
        let size = try reader.varint(limit: 65536)
        guard size > 0 else { throw .corruptPayload("empty buckets") }
        var scales: [Float] = []
        for _ in stride(from: 0, to: layout.count, by: size) { scales.append(try reader.magnitude()) }
        var runs = [SymbolStream.Run(width: width, symbols: [UInt8](repeating: 0, count: layout.count))]
        try SymbolStream.decode(reader.rest(), into: &runs)
        let levels = Float(1 << (width - 1) - 1)
        // The largest float divided by the levels and multiplied again may round up to infinity.
        let largest = Float.greatestFiniteMagnitude
        var worst: UInt8 = 0
        for (bucket, scale) in scales.enumerated() {
            let step = scale / levels
            for index in (bucket * size)..<min((bucket + 1) * size, layout.count) {
                worst = max(worst, runs[0].symbols[index])
                output[index] = max(-largest, min(largest, (Float(runs[0].symbols[index]) - levels) * step))
            }
        }
        guard Float(worst) <= 2 * levels else { throw .corruptPayload("an integer is out of range") }
    }
}
