/// What a tensor of a model is for, which decides how it is quantized and whether it is trained.
public enum ParameterKind: String, Hashable, Codable, Sendable {
    /// A matrix or filter bank; dimension 0 is the output channel. Quantized to int8, one scale per output channel.
    case weight
    /// A vector: bias, batch-norm scale or shift. Quantized to int16 with one scale.
    case vector
    /// A vector that is not trained by gradient but measured: batch-norm running mean and variance.
    case statistic
}

/// One named tensor inside the flat parameter vector of a model.
public struct ParameterEntry: Hashable, Codable, Sendable {
    /// Unique name, `layer/tensor`, for example `0.conv2d/weight`.
    public let name: String
    /// Sizes, outermost first; dimension 0 is the output channel of a weight. Every size is at least 1.
    public let shape: [Int]
    /// What the tensor is for.
    public let kind: ParameterKind
    /// Position of the first element in the flat vector.
    public let offset: Int

    /// Number of elements.
    public var count: Int { shape.reduce(1, *) }
    /// Half-open range of the tensor in the flat vector.
    public var range: Range<Int> { offset..<(offset + count) }
    /// Rows when the tensor is seen as a matrix: the output channels of a weight, 1 for a vector.
    public var rowCount: Int { kind == .weight ? shape[0] : 1 }
    /// Elements per row, `count / rowCount`.
    public var columnCount: Int { count / rowCount }
}

/// How the tensors of a model lie in one flat vector: the contract that training, codec and aggregation share.
///
/// All parameters of a model are stored row-major, one tensor behind the other without gaps, in one `[Float]`.
public struct ParameterLayout: Hashable, Sendable {
    /// Largest number of parameters that any part of the system accepts (2^28).
    public static let maximumCount = 1 << 28

    /// The tensors in order of offset.
    public let entries: [ParameterEntry]
    /// Number of elements of the flat vector.
    public let count: Int

    /// Lays tensors out one behind the other.
    ///
    /// - Parameter tensors: name, shape and kind of each tensor, in order.
    /// - Throws: `TensorError.invalidShape` for an empty shape, a size below 1, a total above `maximumCount`;
    ///   `TensorError.duplicateName` for a repeated name.
    public init(_ tensors: [(name: String, shape: [Int], kind: ParameterKind)]) throws(TensorError) {
        var entries: [ParameterEntry] = []
        var names: Set<String> = []
        var offset = 0
        for tensor in tensors {
            guard names.insert(tensor.name).inserted else { throw .duplicateName(tensor.name) }
            guard !tensor.shape.isEmpty else { throw .invalidShape(tensor.shape) }
            var size = 1
            for dimension in tensor.shape {
                guard dimension > 0, dimension <= Self.maximumCount / size else { throw .invalidShape(tensor.shape) }
                size *= dimension
            }
            guard offset + size <= Self.maximumCount else { throw .invalidShape(tensor.shape) }
            entries.append(ParameterEntry(name: tensor.name, shape: tensor.shape, kind: tensor.kind, offset: offset))
            offset += size
        }
        self.entries = entries
        count = offset
    }

    /// Number of scales of the int8 lattice: one per output channel of a weight, one per other tensor.
    public var rowCount: Int { entries.reduce(0) { $0 + $1.rowCount } }
}
