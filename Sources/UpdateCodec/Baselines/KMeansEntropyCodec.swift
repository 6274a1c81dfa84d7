import Quantization
import Tensors

/// Sixteen shared values per tensor with entropy-coded indices (Deep Compression; Han, Mao, Dally 2016, sections 3 and 4,
/// arXiv:1510.00149, where the entropy coder is Huffman's).
///
/// Payload: for each tensor the number of centroids, 1–16, and the centroids as bfloat16 in ascending order; then the
/// indices of each tensor.
public struct KMeansEntropyCodec: UpdateCodec {
    /// Makes the codec.
    public init() {}

    /// The name with its parameters.
    public var name: String { "kmeans4+entropy" }
    /// Whether every bit comes back.
    public var isLossless: Bool { false }

    private static let centroidCount = 16

    /// Encodes an update, see `UpdateCodec.encode`.
    public func encode(
        _ update: [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) -> [UInt8] {
        try checkUpdate(update, layout: layout)
        var payload: [UInt8] = []
        var runs: [SymbolStream.Run] = []
        for entry in layout.entries {
            let values = Array(update[entry.range])
            let codebook = try Self.codebook(for: values)
            payload.append(UInt8(codebook.centroids.count))
            for centroid in codebook.centroids {
                payload.append(integer: UInt64(BrainFloat.code(centroid)), byteCount: 2)
            }
            runs.append(SymbolStream.Run(width: 4, symbols: codebook.indices(of: values)))
        }
        return UpdateFrame.wrap(payload + SymbolStream.encode(runs), identifier: .kMeans, layout: layout)
    }

    /// Decodes an update, see `UpdateCodec.decode`.
    public func decode(
        _ bytes: [UInt8], layout: ParameterLayout, context: CodecContext, into output: inout [Float]
    ) throws(CodecError) {
        try checkOutput(output, layout: layout)
        var reader = PayloadReader(bytes, try UpdateFrame.unwrap(bytes, identifier: .kMeans, layout: layout))
        var centroids: [[Float]] = []
        for _ in layout.entries {
            let count = Int(try reader.byte())
            guard (1...Self.centroidCount).contains(count) else { throw .corruptPayload("\(count) centroids") }
            var values: [Float] = []
            for _ in 0..<count {
                let value = BrainFloat.value(UInt16(truncatingIfNeeded: try reader.integer(byteCount: 2)))
                guard value.isFinite else { throw .corruptPayload("a centroid is NaN or infinite") }
                values.append(value)
            }
            centroids.append(values)
        }
        var runs = layout.entries.map { entry in
            SymbolStream.Run(width: 4, symbols: [UInt8](repeating: 0, count: entry.count))
        }
        try SymbolStream.decode(reader.rest(), into: &runs)
        for (index, entry) in layout.entries.enumerated() {
            let worst = runs[index].symbols.reduce(0, max)
            guard Int(worst) < centroids[index].count else { throw .corruptPayload("centroid \(worst)") }
            for element in 0..<entry.count {
                output[entry.offset + element] = centroids[index][Int(runs[index].symbols[element])]
            }
        }
    }

    private static func codebook(for values: [Float]) throws(CodecError) -> Codebook {
        do {
            let ideal = try Codebook.nearlyOptimal(for: values, count: centroidCount)
            let bound = BrainFloat.largest
            return try Codebook(
                centroids: ideal.centroids.map {
                    BrainFloat.value(BrainFloat.code(max(-bound, min(bound, $0))))
                })
        } catch {
            throw .corruptPayload("no codebook: \(error)")
        }
    }
}
