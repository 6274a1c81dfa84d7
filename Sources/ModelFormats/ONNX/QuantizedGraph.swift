import Quantization

/// Nodes and constants of a QDQ model as they are put together.
struct QuantizedGraph {
    private let network: QuantizedNetwork
    private(set) var nodes: [ONNXNode] = []
    private(set) var tensors: [ONNXTensor] = []
    /// The shape before flattening of a vector that was flattened; its elements lie channels first here.
    private var flattened: [Int: FeatureShape] = [:]
    /// Tensors that are `[batch, N]` here; the others have their positions too.
    private var vectors: Set<Int> = []
    /// Whether tensors with positions have one dimension of them.
    private let isFlat: Bool

    init(network: QuantizedNetwork) {
        self.network = network
        let shape = network.tensors[network.input].shape
        isFlat = shape.height == 1
        if shape.count == shape.channels { vectors.insert(network.input) }
    }

    mutating func build() throws(ModelFormatError) {
        quantize("input", as: network.input)
        for (index, node) in network.nodes.enumerated() { try append(node, number: index) }
    }

    /// Gives the float output of the graph its name.
    mutating func name(output: String) {
        let last = real(network.output)
        for index in nodes.indices {
            nodes[index].outputs = nodes[index].outputs.map { $0 == last ? output : $0 }
            nodes[index].inputs = nodes[index].inputs.map { $0 == last ? output : $0 }
        }
    }

    // MARK: Names

    private func real(_ tensor: Int) -> String { "t\(tensor)" }

    // MARK: Parts

    /// Sends a real value through the integers of a tensor, which it makes; its scale and zero point are added.
    private mutating func quantize(_ value: String, as index: Int) {
        let tensor = network.tensors[index]
        tensors += [
            ONNXTensor(name: "t\(index).scale", shape: [], floats: [tensor.scale]),
            ONNXTensor(name: "t\(index).zero", shape: [], int8: [Int8(truncatingIfNeeded: tensor.zeroPoint)]),
        ]
        roundTrip(value, by: index, integers: "t\(index).q", result: real(index))
    }

    /// Sends a value between two operations through the integers of a tensor; the name of the result. Without this, ONNX
    /// Runtime runs an operation whose neighbour only moves data in floats.
    private mutating func throughIntegers(_ value: String, of index: Int) -> String {
        roundTrip(value, by: index, integers: value + ".q", result: value + ".real")
        return value + ".real"
    }

    private mutating func roundTrip(_ value: String, by index: Int, integers: String, result: String) {
        let constants = ["t\(index).scale", "t\(index).zero"]
        nodes += [
            ONNXNode("QuantizeLinear", inputs: [value] + constants, outputs: [integers]),
            ONNXNode("DequantizeLinear", inputs: [integers] + constants, outputs: [result]),
        ]
    }

    private mutating func append(
        _ node: NetworkNode<QuantizedFilter>, number: Int
    ) throws(ModelFormatError) {
        try checkOrder(node)
        let inputs = node.inputs.map(real)
        var attributes: [String: ONNXNode.Attribute] = [:]
        switch node.operation {
        case .convolution(let filter, let window, _):
            let weight = convolutionWeight(filter, number)
            attributes = settings(window)
            add("Conv", inputs + constants(filter, weight, node, number), attributes, node, number)
        case .depthwiseConvolution(let filter, let window, _):
            let weight = depthwiseWeight(filter, number)
            attributes = settings(window)
            attributes["group"] = .integer(filter.shape.inputs)
            add("Conv", inputs + constants(filter, weight, node, number), attributes, node, number)
        case .dense(let filter, _):
            let vector = flatten(inputs[0], node, number)
            let weight = denseWeight(filter, flattened[node.inputs[0]] ?? network.tensors[node.inputs[0]].shape, number)
            add("Gemm", [vector] + constants(filter, weight, node, number), ["transB": .integer(1)], node, number)
        case .add: add("Add", inputs, [:], node, number)
        case .maxPool(let window): add("MaxPool", inputs, settings(window, isPool: true), node, number)
        case .averagePool(let window): add("AveragePool", inputs, settings(window, isPool: true), node, number)
        case .globalAveragePool:
            let pooled = "n\(number).pooled"
            nodes.append(ONNXNode("GlobalAveragePool", inputs: inputs, outputs: [pooled]))
            add("Flatten", [throughIntegers(pooled, of: node.output)], [:], node, number)
        case .reshape:
            let (source, target) = (network.tensors[node.inputs[0]].shape, network.tensors[node.output].shape)
            guard target.count == target.channels else {
                throw .unsupported("node '\(node.name)' reshapes to \(target); ONNX files are written for vectors")
            }
            flattened[node.output] = flattened[node.inputs[0]] ?? source
            add("Flatten", inputs, [:], node, number)
        case .softmax: add("Softmax", inputs, ["axis": .integer(-1)], node, number)
        case .requantize: throw .unsupported("node '\(node.name)' changes widths; ONNX files are written for 8 bits")
        }
    }

    /// Refuses to read a flattened tensor element by element, for its order here is not that of the network.
    private func checkOrder(_ node: NetworkNode<QuantizedFilter>) throws(ModelFormatError) {
        switch node.operation {
        case .dense, .reshape: return
        default: break
        }
        for input in node.inputs where flattened[input].map({ $0.count != $0.channels }) ?? false {
            throw .unsupported(
                "node '\(node.name)' reads a flattened tensor; ONNX files are written where a dense layer does")
        }
    }

    /// Adds an operation, the clamp that the range of the integers does not make, and the way through the integers.
    private mutating func add(
        _ operation: String, _ inputs: [String], _ attributes: [String: ONNXNode.Attribute],
        _ node: NetworkNode<QuantizedFilter>, _ number: Int
    ) {
        var value = "n\(number)"
        nodes.append(ONNXNode(operation, inputs: inputs, outputs: [value], attributes: attributes))
        let target = network.tensors[node.output]
        let range = [-128, 127].map(target.value(of:))
        if node.operation.activation != .none, range[0] < 0 {
            nodes.append(ONNXNode("Relu", inputs: [value], outputs: ["n\(number).clamped"]))
            value = "n\(number).clamped"
        }
        if node.operation.activation == .relu6, range[1] > 6 {
            tensors.append(ONNXTensor(name: "n\(number).six", shape: [], floats: [6]))
            nodes.append(ONNXNode("Clip", inputs: [value, "", "n\(number).six"], outputs: ["n\(number).six.clamped"]))
            value = "n\(number).six.clamped"
        }
        quantize(value, as: node.output)
        switch node.operation {
        case .dense, .reshape, .globalAveragePool: vectors.insert(node.output)
        default: if node.inputs.allSatisfy(vectors.contains) { vectors.insert(node.output) }
        }
    }

    /// A tensor as a vector; the flattening of a spatial one is added.
    private mutating func flatten(
        _ input: String, _ node: NetworkNode<QuantizedFilter>, _ number: Int
    ) -> String {
        guard !vectors.contains(node.inputs[0]) else { return input }
        nodes.append(ONNXNode("Flatten", inputs: [input], outputs: ["n\(number).vector"]))
        return throughIntegers("n\(number).vector", of: node.inputs[0])
    }

    /// Weights and bias with their scales, and the operations that make them real; the names of the results.
    private mutating func constants(
        _ filter: QuantizedFilter, _ weight: ONNXTensor, _ node: NetworkNode<QuantizedFilter>, _ number: Int
    ) -> [String] {
        let channels = filter.scales.count
        let zero = [Int8](repeating: 0, count: channels)
        let inputScale = network.tensors[node.inputs[0]].scale
        let (weightName, biasName) = ("n\(number).weight", "n\(number).bias")
        tensors += [
            weight,
            ONNXTensor(name: weightName + ".scale", shape: [channels], floats: filter.scales),
            ONNXTensor(name: weightName + ".zero", shape: [channels], int8: zero),
            ONNXTensor(name: biasName + ".q", shape: [channels], int32: filter.bias),
            ONNXTensor(name: biasName + ".scale", shape: [channels], floats: filter.scales.map { $0 * inputScale }),
            ONNXTensor(name: biasName + ".zero", shape: [channels], int32: zero.map(Int32.init)),
        ]
        for name in [weightName, biasName] {
            nodes.append(
                ONNXNode(
                    "DequantizeLinear", inputs: [name + ".q", name + ".scale", name + ".zero"], outputs: [name],
                    attributes: ["axis": .integer(0)]))
        }
        return [weightName, biasName]
    }

    // MARK: Order of weights

    /// OHWI to OIHW, or OIW for one dimension.
    private func convolutionWeight(_ filter: QuantizedFilter, _ number: Int) -> ONNXTensor {
        let shape = filter.shape
        let area = shape.height * shape.width
        var values: [Int8] = []
        values.reserveCapacity(shape.count)
        for output in 0..<shape.outputs {
            for input in 0..<shape.inputs {
                for position in 0..<area {
                    values.append(filter.values[(output * area + position) * shape.inputs + input])
                }
            }
        }
        let kernel = isFlat ? [shape.width] : [shape.height, shape.width]
        return weightTensor([shape.outputs, shape.inputs] + kernel, values, number)
    }

    /// 1HWO to O1HW.
    private func depthwiseWeight(_ filter: QuantizedFilter, _ number: Int) -> ONNXTensor {
        let shape = filter.shape
        let area = shape.height * shape.width
        var values: [Int8] = []
        for channel in 0..<shape.inputs {
            for position in 0..<area { values.append(filter.values[position * shape.inputs + channel]) }
        }
        let kernel = isFlat ? [shape.width] : [shape.height, shape.width]
        return weightTensor([shape.inputs, 1] + kernel, values, number)
    }

    /// The columns in the order in which ONNX flattens a tensor of this shape.
    private func denseWeight(_ filter: QuantizedFilter, _ source: FeatureShape, _ number: Int) -> ONNXTensor {
        let order = source.channelsFirstOrder
        let columns = filter.shape.inputs
        var values: [Int8] = []
        values.reserveCapacity(filter.shape.count)
        for output in 0..<filter.shape.outputs {
            for column in order { values.append(filter.values[output * columns + column]) }
        }
        return weightTensor([filter.shape.outputs, columns], values, number)
    }

    private func weightTensor(_ shape: [Int], _ values: [Int8], _ number: Int) -> ONNXTensor {
        ONNXTensor(name: "n\(number).weight.q", shape: shape, int8: values)
    }

    private func settings(
        _ window: NetworkWindow, isPool: Bool = false
    ) -> [String: ONNXNode.Attribute] {
        var settings: [String: ONNXNode.Attribute] = [
            "kernel_shape": .integers(isFlat ? [window.width] : [window.height, window.width]),
            "strides": .integers(isFlat ? [window.strideWidth] : [window.strideHeight, window.strideWidth]),
        ]
        guard !isPool else { return settings }
        settings["pads"] = .integers(
            isFlat ? [window.left, window.right] : [window.top, window.left, window.bottom, window.right])
        return settings
    }
}
