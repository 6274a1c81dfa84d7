import Tensors

/// One codebook for a whole tensor.
public struct CodebookQuantizer: TensorQuantizer, Hashable {
    /// How the centroids are found.
    public enum Search: Hashable, Sendable {
        /// `Codebook.optimal`.
        case optimal
        /// `Codebook.nearlyOptimal`.
        case nearlyOptimal
        /// `Codebook.lloyd`.
        case lloyd(Seed)
    }

    /// Centroids wanted, 2–256.
    public let centroidCount: Int
    /// How they are found.
    public let search: Search

    /// Makes a quantizer.
    ///
    /// - Throws: `QuantizationError.unsupportedCentroidCount`.
    public init(centroidCount: Int, search: Search = .nearlyOptimal) throws(QuantizationError) {
        guard Codebook.allowedCounts.contains(centroidCount) else { throw .unsupportedCentroidCount(centroidCount) }
        self.centroidCount = centroidCount
        self.search = search
    }

    /// Quantizes a row-major matrix, see `TensorQuantizer.quantize`.
    public func quantize(_ values: [Float], rows: Int = 1) throws(QuantizationError) -> CodebookTensor {
        _ = try values.checkedColumnCount(rows: rows)
        let codebook =
            switch search {
            case .optimal: try Codebook.optimal(for: values, count: centroidCount)
            case .nearlyOptimal: try Codebook.nearlyOptimal(for: values, count: centroidCount)
            case .lloyd(let seed): try Codebook.lloyd(for: values, count: centroidCount, seed: seed)
            }
        return CodebookTensor(codebook: codebook, values: values)
    }
}

/// A codebook and one index per value.
public struct CodebookTensor: QuantizedTensor, Hashable {
    /// What the indices refer to.
    public let codebook: Codebook
    /// One index per value.
    public let indices: [UInt8]
    /// Largest distance between a value and what it is decoded to.
    public let errorBound: Float

    init(codebook: Codebook, values: [Float]) {
        self.codebook = codebook
        indices = codebook.indices(of: values)
        var bound: Float = 0
        for (value, index) in zip(values, indices) { bound = max(bound, abs(value - codebook.centroids[Int(index)])) }
        errorBound = bound
    }

    /// Number of values.
    public var count: Int { indices.count }
    /// Bits that the values and their side information take.
    public var bitCount: Int { codebook.indexWidth * indices.count + 32 * codebook.centroids.count }

    /// The values that this stands for.
    public func dequantized() -> [Float] { codebook.values(of: indices) }
}
