/// An ONNX model (https://onnx.ai/onnx/repo-docs/IR.html): the part of the format that convolutional and dense networks
/// need, with the official field numbers of `onnx.proto`.
public struct ONNXModel: Hashable, Sendable {
    /// An input or an output of the graph. Its first dimension, the batch, has any size.
    public struct Port: Hashable, Sendable {
        /// Name of the value.
        public let name: String
        /// Shape of one sample.
        public let shape: [Int]
    }

    /// Most dimensions of a tensor that is read.
    public static let maximumRank = 16
    /// The operator set of float models and of int8 models.
    public static let standardOpset = 13

    /// Version of the operator set.
    public var opset: Int
    /// Name of the graph.
    public var name: String
    /// What goes in, constants left out; all float32.
    public var inputs: [Port]
    /// What comes out; all float32.
    public var outputs: [Port]
    /// The operations, each behind those that make its inputs.
    public var nodes: [ONNXNode]
    /// The constants.
    public var tensors: [ONNXTensor]
    /// Free text about the model, by key.
    public var metadata: [String: String]

    /// Puts a model together.
    public init(
        opset: Int = standardOpset, name: String, inputs: [Port], outputs: [Port], nodes: [ONNXNode] = [],
        tensors: [ONNXTensor] = [], metadata: [String: String] = [:]
    ) {
        self.opset = opset
        self.name = name
        self.inputs = inputs
        self.outputs = outputs
        self.nodes = nodes
        self.tensors = tensors
        self.metadata = metadata
    }
}
