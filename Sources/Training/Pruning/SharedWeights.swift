import Quantization
import Tensors

/// A model whose weights share few values: a codebook for each weight tensor, and an index for each weight (Han, Mao, Dally
/// 2016, §3, arXiv:1510.00149). Vectors and statistics are as they were.
public struct SharedWeights: Hashable, Sendable {
    /// One weight tensor.
    public struct Tensor: Hashable, Sendable {
        /// Name in the parameter layout.
        public let name: String
        /// The values that the weights share.
        public let codebook: Codebook
        /// The index of each weight in the codebook.
        public let indices: [UInt8]

        /// Bytes of codebook (Float) and packed indices.
        public var byteCount: Int { 4 * codebook.centroids.count + (codebook.indexWidth * indices.count + 7) / 8 }
    }

    /// The weight tensors in layout order.
    public let tensors: [Tensor]

    /// Finds the codebooks, nearly optimal ones.
    ///
    /// - Parameter centroidCount: values per tensor, 2 to 256.
    /// - Throws: `.parameterCountMismatch`, `.nonFiniteParameter`, `.invalidCompaction` for another count.
    public init(
        _ parameters: [Float], layout: ParameterLayout, centroidCount: Int
    ) throws(TrainingError) {
        try self.init(parameters, layout: layout) { _, weights throws(QuantizationError) in
            try Codebook.nearlyOptimal(for: weights, count: centroidCount)
        }
    }

    private init(
        _ parameters: [Float], layout: ParameterLayout,
        codebook: (_ index: Int, _ weights: [Float]) throws(QuantizationError) -> Codebook
    ) throws(TrainingError) {
        guard parameters.count == layout.count else {
            throw .parameterCountMismatch(expected: layout.count, actual: parameters.count)
        }
        var tensors: [Tensor] = []
        for entry in layout.entries where entry.kind == .weight {
            let weights = Array(parameters[entry.range])
            do {
                let codebook = try codebook(tensors.count, weights)
                tensors.append(Tensor(name: entry.name, codebook: codebook, indices: codebook.indices(of: weights)))
            } catch .notFinite {
                throw .nonFiniteParameter(name: entry.name)
            } catch {
                throw .invalidCompaction("weights of '\(entry.name)' cannot be shared: \(error)")
            }
        }
        self.tensors = tensors
    }

    /// The same clusters after fine-tuning with `ParameterConstraint.shared`: centroids are read from the parameters, so
    /// `apply` gives these back unchanged.
    ///
    /// - Throws: `.parameterCountMismatch`, `.nonFiniteParameter`; `.invalidCompaction` where a tensor has more than 256
    ///   distinct weights, and so was not held together.
    public func refreshed(from parameters: [Float], layout: ParameterLayout) throws(TrainingError) -> SharedWeights {
        try SharedWeights(parameters, layout: layout) { _, weights throws(QuantizationError) in
            try Codebook(centroids: Array(Set(weights)))
        }
    }

    /// Replaces the weights by the values that they share.
    ///
    /// - Throws: `.parameterCountMismatch`; `.invalidCompaction` where the tensors are another model's.
    public func apply(to parameters: inout [Float], layout: ParameterLayout) throws(TrainingError) {
        guard parameters.count == layout.count else {
            throw .parameterCountMismatch(expected: layout.count, actual: parameters.count)
        }
        for (tensor, cluster) in zip(tensors, try clusters(layout)) {
            parameters.replaceSubrange(cluster.range, with: tensor.codebook.values(of: tensor.indices))
        }
    }

    /// Bytes of codebooks and packed indices; the other tensors come on top.
    public var byteCount: Int { tensors.reduce(0) { $0 + $1.byteCount } }

    /// Where the clusters lie in a model.
    func clusters(
        _ layout: ParameterLayout
    ) throws(TrainingError) -> [(range: Range<Int>, indices: [UInt8], count: Int)] {
        let entries = layout.entries.filter { $0.kind == .weight }
        guard entries.map(\.name) == tensors.map(\.name),
            zip(entries, tensors).allSatisfy({ $0.count == $1.indices.count })
        else { throw .invalidCompaction("the shared weights belong to another model") }
        return zip(entries, tensors).map { ($0.range, $1.indices, $1.codebook.centroids.count) }
    }
}
