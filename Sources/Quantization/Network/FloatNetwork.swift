/// A trained network as a graph in the memory order of devices, channels innermost: batch norm folded, clamps fused. What
/// quantization starts from, and what a float file holds.
public struct FloatNetwork: Hashable, Sendable {
    /// A tensor between nodes.
    public struct Tensor: Hashable, Sendable {
        /// Name for reports.
        public let name: String
        /// Shape without batch.
        public let shape: FeatureShape

        /// Describes a tensor; checked by the network that holds it.
        public init(name: String, shape: FeatureShape) {
            self.name = name
            self.shape = shape
        }
    }

    /// Name for reports and files.
    public let name: String
    /// All activations, in any order.
    public let tensors: [Tensor]
    /// The steps in an order in which they can run.
    public let nodes: [NetworkNode<FloatFilter>]
    /// Index of the tensor that a sample goes into.
    public let input: Int
    /// Index of the tensor with the result.
    public let output: Int
    /// Names of the classes; empty, or one per channel of the output.
    public let labels: [String]

    /// Checks and keeps a network.
    ///
    /// - Throws: `QuantizationError.invalidNetwork` with the node and the cause.
    public init(
        name: String, tensors: [Tensor], nodes: [NetworkNode<FloatFilter>], input: Int, output: Int,
        labels: [String] = []
    ) throws(QuantizationError) {
        let check = NetworkCheck(shapes: tensors.map(\.shape), input: input, output: output, labelCount: labels.count)
        if let fault = check.fault(of: nodes) { throw .invalidNetwork(fault) }
        self.name = name
        self.tensors = tensors
        self.nodes = nodes
        self.input = input
        self.output = output
        self.labels = labels
    }
}
