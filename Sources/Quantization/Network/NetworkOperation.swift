/// A clamp that ends an operation.
public enum FusedActivation: Hashable, Sendable, CaseIterable {
    /// No clamp beyond the range of the numbers.
    case none
    /// `max(x, 0)`.
    case relu
    /// `min(max(x, 0), 6)`.
    case relu6
}

/// What a node does. `Filter` is `FloatFilter` or `QuantizedFilter`.
public enum NetworkOperation<Filter: NetworkFilter>: Hashable, Sendable {
    /// Filter `[out, height, width, in]` over `[H, W, in]`; 1-D is the case of height 1.
    case convolution(Filter, NetworkWindow, FusedActivation)
    /// Filter `[1, height, width, channels]` over `[H, W, channels]`, one output channel per input channel.
    case depthwiseConvolution(Filter, NetworkWindow, FusedActivation)
    /// Filter `[out, 1, 1, in]` on an input of `in` elements in memory order, whatever its shape.
    case dense(Filter, FusedActivation)
    /// Sum of two tensors of one shape.
    case add(FusedActivation)
    /// Largest of each window, unpadded.
    case maxPool(NetworkWindow)
    /// Mean of each window, unpadded.
    case averagePool(NetworkWindow)
    /// Mean over all positions: `[H, W, C]` to `[1, 1, C]`.
    case globalAveragePool
    /// The same elements in another shape.
    case reshape
    /// Probabilities over the channels of a vector.
    case softmax
    /// The same values in integers of another width, where activations of 8 and 16 bits meet.
    case requantize

    /// The filter, where the operation has one.
    public var filter: Filter? {
        switch self {
        case .convolution(let filter, _, _), .depthwiseConvolution(let filter, _, _), .dense(let filter, _): filter
        default: nil
        }
    }

    /// The clamp at the end.
    public var activation: FusedActivation {
        switch self {
        case .convolution(_, _, let activation), .depthwiseConvolution(_, _, let activation),
            .dense(_, let activation), .add(let activation):
            activation
        default: .none
        }
    }

    /// A name for messages.
    public var name: String {
        switch self {
        case .convolution: "convolution"
        case .depthwiseConvolution: "depthwise convolution"
        case .dense: "dense"
        case .add: "add"
        case .maxPool: "max pool"
        case .averagePool: "average pool"
        case .globalAveragePool: "global average pool"
        case .reshape: "reshape"
        case .softmax: "softmax"
        case .requantize: "requantize"
        }
    }

    /// The same operation with another kind of filter.
    public func mapFilter<Other: NetworkFilter, Failure: Error>(
        _ transform: (Filter) throws(Failure) -> Other
    ) throws(Failure) -> NetworkOperation<Other> {
        switch self {
        case .convolution(let filter, let window, let activation):
            .convolution(try transform(filter), window, activation)
        case .depthwiseConvolution(let filter, let window, let activation):
            .depthwiseConvolution(try transform(filter), window, activation)
        case .dense(let filter, let activation): .dense(try transform(filter), activation)
        case .add(let activation): .add(activation)
        case .maxPool(let window): .maxPool(window)
        case .averagePool(let window): .averagePool(window)
        case .globalAveragePool: .globalAveragePool
        case .reshape: .reshape
        case .softmax: .softmax
        case .requantize: .requantize
        }
    }
}

/// One step of a network: reads tensors, writes one.
public struct NetworkNode<Filter: NetworkFilter>: Hashable, Sendable {
    /// Name for reports; unique by convention, not by need.
    public let name: String
    /// What it does.
    public let operation: NetworkOperation<Filter>
    /// Indices of the tensors that it reads: two for a sum, one otherwise.
    public let inputs: [Int]
    /// Index of the tensor that it writes.
    public let output: Int

    /// Describes a node; checked by the network that holds it.
    public init(name: String, operation: NetworkOperation<Filter>, inputs: [Int], output: Int) {
        self.name = name
        self.operation = operation
        self.inputs = inputs
        self.output = output
    }
}
