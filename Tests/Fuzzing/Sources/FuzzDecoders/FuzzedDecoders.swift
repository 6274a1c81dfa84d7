import ModelFormats
import Quantization
import Tensors
import UpdateCodec

/// Every decoder that sees bytes of others: updates of all codecs, model differences, histograms, model files.
///
/// libFuzzer runs one thread, so the shared state needs no lock.
enum FuzzedDecoders {
    nonisolated(unsafe) static let all: [FuzzedDecoder] =
        updates() + lattices() + [safetensors(), histogram()] + models()

    /// Small tensors of every kind: a matrix, a bias, a convolution, a single value, an odd vector.
    private static let layout: ParameterLayout = must {
        try ParameterLayout([
            (name: "dense", shape: [12, 20], kind: .weight), (name: "bias", shape: [12], kind: .vector),
            (name: "conv", shape: [6, 3, 3, 4], kind: .weight), (name: "one", shape: [1, 1], kind: .weight),
            (name: "odd", shape: [7], kind: .vector),
        ])
    }
    private static let context = CodecContext(seed: Seed(7), round: 3)

    /// Near low rank with noise: every mode of the encoder has something to do.
    private static func update(_ stream: String) -> [Float] {
        var random = SeededRandom(Seed(11).derived(stream))
        return layout.entries.flatMap { entry -> [Float] in
            let rows = (0..<entry.rowCount).map { _ in random.normal() }
            let columns = (0..<entry.columnCount).map { _ in random.normal() }
            return rows.flatMap { row in columns.map { Float(row * $0 + 0.2 * random.normal()) } }
        }
    }

    private static func updates() -> [FuzzedDecoder] {
        let update = update("update")
        let specifications = UpdateCodecs.names + ["auto:nmse=0.01", "auto:nmse=0.5", "topk+ternary:p=0.2"]
        return specifications.map { specification in
            let codec = must { try UpdateCodecs.named(specification) }
            var output = [Float](repeating: 0, count: layout.count)
            let sample = must { try codec.encode(update, layout: layout, context: context) }
            return FuzzedDecoder(sample: sample, frame: FrameMaker(sample: sample).frame) { bytes in
                try? codec.decode(bytes, layout: layout, context: context, into: &output)
            }
        }
    }

    private static func lattices() -> [FuzzedDecoder] {
        let start = update("base")
        let moved = zip(start, update("step")).map { $0 + 0.05 * $1 }
        let base = must { try ModelLattice(quantizing: start, layout: layout) }
        let target = must { try ModelLattice(quantizing: moved, layout: layout, previous: base) }
        let difference = LatticeDifference.encode(from: base, to: target)
        let whole = LatticeDifference.encodeWhole(base)
        return [
            FuzzedDecoder(sample: difference, frame: FrameMaker(sample: difference).frame) {
                _ = try? LatticeDifference.apply($0, to: base)
            },
            FuzzedDecoder(sample: whole, frame: FrameMaker(sample: whole).frame) {
                _ = try? LatticeDifference.decodeWhole($0, layout: layout)
            },
        ]
    }

    private static func safetensors() -> FuzzedDecoder {
        let file = SafetensorsFile(
            tensors: [SafetensorsTensor(name: "w", shape: [4, 5], values: [Float](repeating: 0.5, count: 20))],
            metadata: ["format": "pt"])
        return FuzzedDecoder(sample: must { try file.encoded() }, frame: Self.withHeaderLength) {
            _ = try? SafetensorsFile(decoding: $0)
        }
    }

    private static func histogram() -> FuzzedDecoder {
        var histogram = ActivationHistogram()
        histogram.add(update("activations"))
        return FuzzedDecoder(sample: histogram.encoded(), frame: { [1, 0xf8] + $0 }) { bytes in
            // What a coordinator does with it.
            guard var decoded = try? ActivationHistogram(decoding: bytes) else { return }
            decoded.merge(histogram)
            _ = decoded.encoded()
        }
    }

    /// The eight bytes of a safetensors header's length, for a file that is all header.
    private static func withHeaderLength(_ json: [UInt8]) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) } + json
    }

    /// What the harness itself sets up cannot fail; if it does, the run must not go on as if it tested something.
    static func must<Value>(_ make: () throws -> Value) -> Value {
        do { return try make() } catch { fatalError("the harness is broken: \(error)") }
    }
}
