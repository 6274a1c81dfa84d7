import Quantization

extension ONNXModel {
    /// An int8 model in the QDQ form: every tensor between two operations goes through `QuantizeLinear` and
    /// `DequantizeLinear`, which ONNX Runtime fuses to integer operations.
    ///
    /// Operator set 13. Weights are int8 per output channel (axis 0) with zero point 0, also those of four bits: ONNX
    /// Runtime has no integer kernels for int4. Biases are int32 with a `DequantizeLinear` of their own. Input `input` and output `logits` or `probabilities` are
    /// float32, the input channels first: `[batch, C, H, W]`, `[batch, C, T]` for height 1, `[batch, N]` for vectors.
    /// Clamps that the range of the int8 output already makes are left out.
    ///
    /// - Throws: `ModelFormatError.unsupported` for 16-bit activations, whose `QuantizeLinear` begins with operator set 21
    ///   and which ONNX Runtime has no integer convolutions for, and for a reshape to anything but a vector.
    public init(network: QuantizedNetwork) throws(ModelFormatError) {
        if let wide = network.tensors.first(where: { $0.bits != 8 }) {
            throw .unsupported("tensor '\(wide.name)' has \(wide.bits)-bit activations; ONNX files are written for 8")
        }
        var graph = QuantizedGraph(network: network)
        try graph.build()
        let isSoftmax = network.nodes.contains { node in
            if case .softmax = node.operation { node.output == network.output } else { false }
        }
        let output = isSoftmax ? "probabilities" : "logits"
        graph.name(output: output)
        self.init(
            name: network.name,
            inputs: [Port(name: "input", shape: network.tensors[network.input].shape.channelsFirst)],
            outputs: [Port(name: output, shape: network.tensors[network.output].shape.channelsFirst)],
            nodes: graph.nodes, tensors: graph.tensors)
    }
}

extension FeatureShape {
    /// The sizes as ONNX orders them: `[C, H, W]`, `[C, T]` or `[N]`.
    public var channelsFirst: [Int] {
        height > 1 ? [channels, height, width] : width > 1 ? [channels, width] : [channels]
    }

    /// For each element in ONNX's order the position in memory order, channels innermost.
    public var channelsFirstOrder: [Int] {
        var order: [Int] = []
        order.reserveCapacity(count)
        for channel in 0..<channels {
            for position in 0..<height * width { order.append(position * channels + channel) }
        }
        return order
    }
}
