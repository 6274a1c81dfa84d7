import Reporting
import Tensors
import UpdateCodec

extension Pipeline {
    /// How often each direction is timed; the fastest counts.
    public static let repetitions = 3

    /// Encodes an update, decodes the bytes and compares.
    ///
    /// - Parameter lastGlobalDelta: the last change of the global model, if both sides are to know it.
    /// - Throws: `NodeError.file` with the update, the codec and what it refused.
    public func measure(
        _ update: NamedUpdate, file: String, lastGlobalDelta: [Float]?
    ) throws(NodeError) -> CodecRow {
        let context = CodecContext(seed: Seed(0), lastGlobalDelta: lastGlobalDelta)
        let measured: CodecMeasurement
        do throws(CodecError) {
            measured = try CodecMeasurement.measure(
                codec, update: update.values, layout: update.layout, context: context, repetitions: Self.repetitions)
        } catch {
            throw .file(path: file, cause: "\(name) cannot code '\(update.name)': \(error)")
        }
        return CodecRow(
            file: file, update: update.name, pipeline: name, parameters: measured.parameters,
            bytes: measured.byteCount, bitsPerParameter: measured.bitsPerParameter,
            nmse: measured.nmse.isFinite ? measured.nmse : nil,
            encodeMegabytesPerSecond: measured.encodeMegabytesPerSecond,
            decodeMegabytesPerSecond: measured.decodeMegabytesPerSecond)
    }
}
