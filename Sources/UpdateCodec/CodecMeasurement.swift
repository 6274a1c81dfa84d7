import Tensors

/// What a codec did with one update: real bytes that were decoded and compared.
public struct CodecMeasurement: Hashable, Sendable {
    /// The codec's specification.
    public let codec: String
    /// Number of parameters of the update.
    public let parameters: Int
    /// Encoded size, header included.
    public let byteCount: Int
    /// ‖x − x̂‖² / ‖x‖²; 0 for an update of zeros that decodes to zeros.
    public let nmse: Double
    /// Fastest of the repetitions.
    public let encodeDuration: Duration
    /// Fastest of the repetitions.
    public let decodeDuration: Duration

    /// Encoded bits per parameter.
    public var bitsPerParameter: Double { 8 * Double(byteCount) / Double(max(1, parameters)) }
    /// Millions of bytes of float32 encoded per second.
    public var encodeMegabytesPerSecond: Double { Self.speed(parameters, encodeDuration) }
    /// Millions of bytes of float32 decoded per second.
    public var decodeMegabytesPerSecond: Double { Self.speed(parameters, decodeDuration) }

    private static func speed(_ parameters: Int, _ duration: Duration) -> Double {
        4e-6 * Double(parameters) / max(1e-9, duration / .seconds(1))
    }

    /// Encodes and decodes an update, compares, and times both.
    ///
    /// - Parameter repetitions: how often to time each direction, at least 1.
    public static func measure(
        _ codec: any UpdateCodec, update: [Float], layout: ParameterLayout, context: CodecContext,
        repetitions: Int = 1, clock: some Clock<Duration> = ContinuousClock()
    ) throws(CodecError) -> CodecMeasurement {
        var bytes: [UInt8] = []
        var output = [Float](repeating: 0, count: layout.count)
        var fastestEncode = Duration.seconds(1 << 32)
        var fastestDecode = Duration.seconds(1 << 32)
        for _ in 0..<max(1, repetitions) {
            let start = clock.now
            bytes = try codec.encode(update, layout: layout, context: context)
            fastestEncode = min(fastestEncode, start.duration(to: clock.now))
        }
        for _ in 0..<max(1, repetitions) {
            let start = clock.now
            try codec.decode(bytes, layout: layout, context: context, into: &output)
            fastestDecode = min(fastestDecode, start.duration(to: clock.now))
        }
        var error = 0.0
        var energy = 0.0
        for index in update.indices {
            let lost = Double(update[index]) - Double(output[index])
            error += lost * lost
            energy += Double(update[index]) * Double(update[index])
        }
        return CodecMeasurement(
            codec: codec.name, parameters: layout.count, byteCount: bytes.count,
            nmse: energy > 0 ? error / energy : (error > 0 ? .infinity : 0), encodeDuration: fastestEncode,
            decodeDuration: fastestDecode)
    }
}
