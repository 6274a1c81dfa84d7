import Tensors
import Training

extension ONNXModel {
    /// A float32 model, operator set 13, whose constants carry the names of the parameter layout.
    ///
    /// Input `input` is `[batch] + spec.inputShape`, channels first; output `logits` is `[batch, classCount]`. Batch norm
    /// stays an operation of its own, so that reading the file gives the same parameters back.
    ///
    /// - Parameters:
    ///   - parameters: the flat vector of the model.
    ///   - softmax: whether to end with a softmax, output `probabilities`.
    /// - Throws: `ModelFormatError.unsupported` for recurrent and embedding layers, and where parameters and model
    ///   disagree.
    public init(spec: ModelSpec, parameters: [Float], softmax: Bool = false) throws(ModelFormatError) {
        let layers: [ResolvedLayer]
        let layout: ParameterLayout
        do {
            layers = try spec.resolved()
            layout = try spec.layout()
        } catch {
            throw .unsupported("this model cannot be written: \(error)")
        }
        guard parameters.count == layout.count else {
            throw .unsupported("the model has \(layout.count) parameters, the vector \(parameters.count)")
        }
        let output = softmax ? "probabilities" : "logits"
        self.init(
            name: spec.name, inputs: [Port(name: "input", shape: spec.inputShape)],
            outputs: [Port(name: output, shape: [spec.classCount])])
        tensors = layout.entries.map { entry in
            ONNXTensor(name: entry.name, shape: entry.shape, floats: parameters[entry.range])
        }
        var graph = FloatGraph()
        var last = try graph.append(layers, to: "input")
        if softmax { last = graph.add("Softmax", [last], ["axis": .integer(-1)]) }
        graph.nodes[graph.nodes.count - 1].outputs = [output]
        nodes = graph.nodes
        tensors += graph.constants
    }
}

/// The nodes of a float graph as they are put together.
private struct FloatGraph {
    var nodes: [ONNXNode] = []
    /// Constants that no parameter stands behind.
    var constants: [ONNXTensor] = []

    /// Appends an operation and names its output after its place.
    mutating func add(
        _ operation: String, _ inputs: [String], _ attributes: [String: ONNXNode.Attribute] = [:]
    ) -> String {
        let output = "\(nodes.count).\(operation.lowercased())"
        nodes.append(ONNXNode(operation, inputs: inputs, outputs: [output], attributes: attributes))
        return output
    }

    mutating func append(_ layers: [ResolvedLayer], to input: String) throws(ModelFormatError) -> String {
        var last = input
        for layer in layers { last = try append(layer, to: last) }
        return last
    }

    private mutating func append(_ layer: ResolvedLayer, to input: String) throws(ModelFormatError) -> String {
        let inputs = [input] + layer.tensors.map(\.name)
        switch layer.spec {
        case .conv1d(_, let window, _), .conv2d(_, let window, _):
            return add("Conv", inputs, Self.settings(window, layer, isConvolution: true))
        case .depthwiseConv2d(let window, _):
            let group = ["group": ONNXNode.Attribute.integer(layer.inputShape[0])]
            return add("Conv", inputs, Self.settings(window, layer, isConvolution: true).merging(group) { $1 })
        case .dense: return add("Gemm", inputs, ["transB": .integer(1)])
        case .relu: return add("Relu", inputs)
        case .relu6:
            if !constants.contains(where: { $0.name == "six" }) {
                constants += [
                    ONNXTensor(name: "zero", shape: [], floats: [0]), ONNXTensor(name: "six", shape: [], floats: [6]),
                ]
            }
            return add("Clip", inputs + ["zero", "six"])
        case .maxpool1d(let window), .maxpool2d(let window):
            return add("MaxPool", inputs, Self.settings(window, layer))
        case .avgpool1d(let window), .avgpool2d(let window):
            return add("AveragePool", inputs, Self.settings(window, layer))
        case .globalAveragePool: return add("Flatten", [add("GlobalAveragePool", inputs)])
        case .flatten: return add("Flatten", inputs)
        case .batchNorm: return add("BatchNormalization", inputs, ["epsilon": .float(LayerSpec.batchNormEpsilon)])
        case .residual:
            return add("Add", [try append(layer.body, to: input), try append(layer.shortcut, to: input)])
        case .embedding, .gru:
            throw .unsupported("layer \(layer.path) is not written to ONNX; convolutional and dense models are")
        }
    }

    private static func settings(
        _ window: Window, _ layer: ResolvedLayer, isConvolution: Bool = false
    ) -> [String: ONNXNode.Attribute] {
        let lengths = layer.inputShape.dropFirst()
        var settings: [String: ONNXNode.Attribute] = [
            "kernel_shape": .integers(lengths.map { _ in window.kernel }),
            "strides": .integers(lengths.map { _ in window.stride }),
        ]
        if isConvolution {
            let slides = lengths.map(window.slide(over:))
            settings["pads"] = .integers(slides.map(\.paddingBefore) + slides.map(\.paddingAfter))
        }
        return settings
    }
}
