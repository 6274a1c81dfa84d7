import Quantization

/// The tensors and nodes of an integer network in which some activations have 16 bits, the others 8.
///
/// A layer computes in one width. It is 16 bits where its output or one of its inputs has them; what then meets 8 bits goes
/// through a `requantize`. From 8 to 16 bits nothing is lost: a step becomes 128 smaller ones.
struct NetworkWidths {
    private let network: FloatNetwork
    private let ranges: [ActivationRange]
    /// Width of each tensor of the network.
    private var widths: [Int]
    /// All activations; those of the network first, in its order.
    private(set) var activations: [QuantizedActivation] = []
    /// Copies in 16 bits of tensors that have 8.
    private var copies: [Int: Int] = [:]
    private var nodes: [NetworkNode<FloatFilter>] = []

    /// - Parameters:
    ///   - ranges: one per tensor of the network.
    ///   - bits: width of a tensor, by its index: 8 or 16. Tensors behind pools and reshapes do not count, and a tensor
    ///     between layers that compute in 16 bits anyway has them too.
    init(_ network: FloatNetwork, ranges: [ActivationRange], bits: (_ tensor: Int) -> Int) {
        self.network = network
        self.ranges = ranges
        widths = network.tensors.indices.map(bits)
        followInputs()
        while widenBetween() { followInputs() }
        quantize()
    }

    /// Nodes in order, with those that change widths.
    mutating func connected() -> [NetworkNode<FloatFilter>] {
        nodes = []
        for node in network.nodes {
            let inputs = node.inputs.map { isWide(node) ? wideCopy(of: $0) : $0 }
            if case .softmax = node.operation, widths[node.inputs[0]] == 16 {
                let narrow = append(network.tensors[node.inputs[0]], ranges[node.inputs[0]].grid(bits: 8))
                requantize(node.inputs[0], to: narrow)
                nodes.append(
                    NetworkNode(name: node.name, operation: node.operation, inputs: [narrow], output: node.output))
                continue
            }
            let isNarrowed = isWide(node) && widths[node.output] == 8
            let output =
                isNarrowed
                ? append(network.tensors[node.output], ranges[node.output].grid(bits: 16)) : node.output
            nodes.append(NetworkNode(name: node.name, operation: node.operation, inputs: inputs, output: output))
            if isNarrowed { requantize(output, to: node.output) }
        }
        return nodes
    }

    /// Whether a layer computes in 16 bits.
    private func isWide(_ node: NetworkNode<FloatFilter>) -> Bool {
        node.operation.hasOwnQuantization && (node.inputs + [node.output]).contains { widths[$0] == 16 }
    }

    /// Gives tensors behind pools and reshapes the width of their input, and probabilities 8 bits.
    private mutating func followInputs() {
        for node in network.nodes where !node.operation.hasOwnQuantization {
            if case .softmax = node.operation {
                widths[node.output] = 8
            } else {
                widths[node.output] = widths[node.inputs[0]]
            }
        }
    }

    /// Widens a tensor of 8 bits that only layers of 16 read and write; false where there is none.
    private mutating func widenBetween() -> Bool {
        for node in network.nodes where isWide(node) && widths[node.output] == 8 && node.output != network.output {
            let readers = readers(of: node.output)
            guard !readers.isEmpty, readers.allSatisfy(isWide) else { continue }
            widths[node.output] = 16
            return true
        }
        return false
    }

    /// The layers that read a tensor, be it through pools and reshapes. A network's output counts as a layer of 8 bits.
    private func readers(of tensor: Int) -> [NetworkNode<FloatFilter>] {
        network.nodes.filter { $0.inputs.contains(tensor) }.flatMap { node in
            switch node.operation {
            case .maxPool, .averagePool, .globalAveragePool, .reshape, .requantize:
                node.output == network.output ? [node] : readers(of: node.output)
            case .convolution, .depthwiseConvolution, .dense, .add, .softmax: [node]
            }
        }
    }

    private mutating func quantize() {
        activations = network.tensors.indices.map { index in
            let (tensor, grid) = (network.tensors[index], ranges[index].grid(bits: widths[index]))
            return QuantizedActivation(
                name: tensor.name, shape: tensor.shape, scale: grid.scale, zeroPoint: grid.zeroPoint, bits: grid.bits)
        }
        for node in network.nodes where !node.operation.hasOwnQuantization {
            let (source, target) = (activations[node.inputs[0]], network.tensors[node.output])
            activations[node.output] =
                if case .softmax = node.operation {
                    QuantizedActivation(name: target.name, shape: target.shape, scale: 1 / 256, zeroPoint: -128)
                } else {
                    QuantizedActivation(
                        name: target.name, shape: target.shape, scale: source.scale, zeroPoint: source.zeroPoint,
                        bits: source.bits)
                }
        }
    }

    private mutating func wideCopy(of tensor: Int) -> Int {
        guard widths[tensor] == 8 else { return tensor }
        if let copy = copies[tensor] { return copy }
        let scale = max(activations[tensor].scale / 128, .leastNormalMagnitude)
        let copy = append(network.tensors[tensor], ActivationGrid(scale: scale, zeroPoint: 0, bits: 16))
        copies[tensor] = copy
        requantize(tensor, to: copy)
        return copy
    }

    private mutating func append(_ tensor: FloatNetwork.Tensor, _ grid: ActivationGrid) -> Int {
        activations.append(
            QuantizedActivation(
                name: "\(tensor.name).int\(grid.bits)", shape: tensor.shape, scale: grid.scale,
                zeroPoint: grid.zeroPoint, bits: grid.bits))
        return activations.count - 1
    }

    private mutating func requantize(_ source: Int, to target: Int) {
        let name = "\(activations[target].name).requantize"
        nodes.append(NetworkNode(name: name, operation: .requantize, inputs: [source], output: target))
    }
}

extension NetworkOperation {
    /// Whether the output has a quantization of its own, not that of the input and not a fixed one.
    var hasOwnQuantization: Bool {
        switch self {
        case .convolution, .depthwiseConvolution, .dense, .add: true
        case .maxPool, .averagePool, .globalAveragePool, .reshape, .softmax, .requantize: false
        }
    }
}
