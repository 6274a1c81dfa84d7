/// Whether nodes, tensors and shapes of a network fit together.
struct NetworkCheck {
    let shapes: [FeatureShape]
    let input: Int
    let output: Int
    let labelCount: Int

    /// What is wrong, nil where nothing is.
    func fault<Filter>(of nodes: [NetworkNode<Filter>]) -> String? {
        if let fault = sizeFault(nodeCount: nodes.count) { return fault }
        var written = [Bool](repeating: false, count: shapes.count)
        written[input] = true
        for (index, node) in nodes.enumerated() {
            let place = "node \(index) '\(node.name)', \(node.operation.name):"
            let arity = if case .add = node.operation { 2 } else { 1 }
            guard node.inputs.count == arity else { return "\(place) reads \(node.inputs.count) tensors, not \(arity)" }
            guard node.inputs.allSatisfy({ written.indices.contains($0) && written[$0] }) else {
                return "\(place) reads a tensor that nothing has written yet"
            }
            guard written.indices.contains(node.output), !written[node.output] else {
                return "\(place) writes tensor \(node.output), which does not exist or is written already"
            }
            written[node.output] = true
            if let fault = fault(of: node) { return "\(place) \(fault)" }
        }
        guard written.allSatisfy({ $0 }) else { return "a tensor is never written" }
        return nil
    }

    private func sizeFault(nodeCount: Int) -> String? {
        guard shapes.indices.contains(input), shapes.indices.contains(output) else {
            return "input \(input) or output \(output) is not one of \(shapes.count) tensors"
        }
        guard shapes.count <= QuantizedNetwork.maximumNodeCount, nodeCount <= QuantizedNetwork.maximumNodeCount else {
            return "more than \(QuantizedNetwork.maximumNodeCount) tensors or nodes"
        }
        for (index, shape) in shapes.enumerated()
        where !Self.isAllowed([shape.height, shape.width, shape.channels]) {
            return "tensor \(index) has the shape \(shape); at most \(QuantizedNetwork.maximumElementCount) elements"
        }
        guard labelCount == 0 || labelCount == shapes[output].channels else {
            return "\(labelCount) labels for \(shapes[output].channels) classes"
        }
        return nil
    }

    private func fault<Filter>(of node: NetworkNode<Filter>) -> String? {
        let (source, target) = (shapes[node.inputs[0]], shapes[node.output])
        switch node.operation {
        case .convolution(let filter, let window, _):
            let expected = FilterShape(
                outputs: target.channels, height: window.height, width: window.width, inputs: source.channels)
            return slidingFault(window, source, target) ?? Self.fault(of: filter, expected, target.channels)
        case .depthwiseConvolution(let filter, let window, _):
            let expected = FilterShape(
                outputs: 1, height: window.height, width: window.width, inputs: source.channels)
            return channelFault(source, target) ?? slidingFault(window, source, target)
                ?? Self.fault(of: filter, expected, target.channels)
        case .dense(let filter, _):
            guard target.count == target.channels else { return "yields \(target), which is not a vector" }
            return Self.fault(
                of: filter, FilterShape(outputs: target.channels, inputs: source.count), target.channels)
        case .add:
            return source == target && shapes[node.inputs[1]] == target ? nil : "adds tensors of different shapes"
        case .maxPool(let window), .averagePool(let window):
            guard window.isUnpadded else { return "pooling takes no padding" }
            return channelFault(source, target) ?? slidingFault(window, source, target)
        case .globalAveragePool:
            let expected = FeatureShape(channels: source.channels)
            return target == expected ? nil : "yields \(expected), not \(target)"
        case .reshape: return source.count == target.count ? nil : "\(source) cannot become \(target)"
        case .softmax:
            return source == target && source.count == source.channels
                ? nil : "needs a vector and yields the same shape"
        case .requantize: return source == target ? nil : "\(source) cannot become \(target)"
        }
    }

    private func channelFault(_ source: FeatureShape, _ target: FeatureShape) -> String? {
        source.channels == target.channels ? nil : "turns \(source.channels) channels into \(target.channels)"
    }

    private func slidingFault(_ window: NetworkWindow, _ source: FeatureShape, _ target: FeatureShape) -> String? {
        if let fault = window.fault { return fault }
        guard let size = window.outputSize(over: source) else { return "the window does not fit into \(source)" }
        return size == (target.height, target.width) ? nil : "yields \(size.height)x\(size.width), not \(target)"
    }

    private static func fault<Filter: NetworkFilter>(
        of filter: Filter, _ expected: FilterShape, _ channels: Int
    ) -> String? {
        guard filter.shape == expected else { return "filter \(filter.shape) instead of \(expected)" }
        guard isAllowed([expected.outputs, expected.height, expected.width, expected.inputs]) else {
            return "filter \(expected) has more than \(QuantizedNetwork.maximumElementCount) weights"
        }
        return filter.fault(channels: channels)
    }

    /// Whether all sizes are positive and their product is within the limit, without overflowing on the way.
    private static func isAllowed(_ sizes: [Int]) -> Bool {
        var product = 1
        for size in sizes {
            guard size > 0, size <= QuantizedNetwork.maximumElementCount / product else { return false }
            product *= size
        }
        return true
    }
}
