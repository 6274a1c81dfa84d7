import Tensors

/// Cuts a model down to the channels that stay.
struct ChannelSlicer {
    let graph: ChannelGraph
    /// Channels that stay, ascending, of each group that loses some.
    let kept: [Int: [Int]]

    func slice(
        _ spec: ModelSpec, _ layers: [ResolvedLayer], _ parameters: [Float], _ layout: ParameterLayout
    ) throws(TrainingError) -> CompactModel {
        var reader = TensorReader(entries: layout.entries, parameters: parameters)
        var values: [Float] = []
        let specs = try slice(layers, &reader, &values)
        let small = ModelSpec(
            name: spec.name, inputShape: spec.inputShape, classCount: spec.classCount, layers: specs)
        try values.checkCount(of: try small.layout())
        return CompactModel(spec: small, parameters: values)
    }

    private func slice(
        _ layers: [ResolvedLayer], _ reader: inout TensorReader, _ values: inout [Float]
    ) throws(TrainingError) -> [LayerSpec] {
        var specs: [LayerSpec] = []
        for layer in layers {
            if case .residual = layer.spec {
                let body = try slice(layer.body, &reader, &values)
                specs.append(.residual(body: body, shortcut: try slice(layer.shortcut, &reader, &values)))
                continue
            }
            for tensor in layer.tensors {
                let source = try reader.next()
                let (rows, columns) = selection(layer, tensor)
                let block = source.count / (tensor.shape[0] * (tensor.shape.count > 1 ? tensor.shape[1] : 1))
                let width = source.count / tensor.shape[0]
                for row in rows {
                    for column in columns {
                        let first = row * width + column * block
                        values += source[first..<(first + block)]
                    }
                }
            }
            specs.append(shrunk(layer))
        }
        return specs
    }

    /// Rows (dimension 0) and columns (dimension 1) of a tensor that stay.
    private func selection(_ layer: ResolvedLayer, _ tensor: ResolvedTensor) -> (rows: [Int], columns: [Int]) {
        let outputs = elements(graph.writes[layer.path], layer.outputShape[0])
        let inputs = elements(graph.reads[layer.path], layer.inputShape[0])
        let isVector = tensor.shape.count == 1
        switch layer.spec {
        case .depthwiseConv2d: return (outputs, [0])
        case .embedding: return (Array(0..<tensor.shape[0]), outputs)
        case .gru(let units, _):
            let gates = (0..<3).flatMap { gate in outputs.map { gate * units + $0 } }
            return (gates, isVector ? [0] : tensor.name.hasSuffix("state_weight") ? outputs : inputs)
        default: return (outputs, isVector ? [0] : inputs)
        }
    }

    /// Positions along the first dimension that stay.
    private func elements(_ channels: ChannelGraph.Channels?, _ count: Int) -> [Int] {
        guard let channels, let kept = kept[graph.root(channels.group)] else { return Array(0..<count) }
        let elements = channels.elements
        return kept.flatMap { ($0 * elements)..<(($0 + 1) * elements) }
    }

    private func shrunk(_ layer: ResolvedLayer) -> LayerSpec {
        let out = elements(graph.writes[layer.path], layer.outputShape[0]).count
        switch layer.spec {
        case .conv1d(_, let window, let bias): return .conv1d(out: out, window: window, bias: bias)
        case .conv2d(_, let window, let bias): return .conv2d(out: out, window: window, bias: bias)
        case .dense(_, let bias): return .dense(out: out, bias: bias)
        case .embedding(let vocabulary, _): return .embedding(vocabulary: vocabulary, dimension: out)
        case .gru(_, let everyStep): return .gru(units: out, everyStep: everyStep)
        default: return layer.spec
        }
    }
}
