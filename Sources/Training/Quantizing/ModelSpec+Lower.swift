import Quantization
import Tensors

extension ModelSpec {
    /// The model as devices run it: channels innermost, batch norm folded, clamps fused, flattening left out because dense
    /// weights are put in memory order instead.
    ///
    /// - Parameters:
    ///   - parameters: the flat vector of this model.
    ///   - labels: names of the classes; empty, or `classCount` many.
    /// - Throws: as `foldingBatchNorm`; `.invalidLayer` for recurrent and embedding layers, and for a clamp that does not
    ///   follow a convolution, a dense layer or a sum; `.invalidModel` where the result is too large.
    public func lowered(_ parameters: [Float], labels: [String] = []) throws(TrainingError) -> FloatNetwork {
        let folded = try foldingBatchNorm(parameters)
        let layers = try folded.spec.resolved()
        let layout = try Self.layout(of: layers)
        var lowering = NetworkLowering(
            input: inputShape, reader: TensorReader(entries: layout.entries, parameters: folded.parameters))
        let last = try lowering.lower(layers[...], from: 0)
        guard !lowering.isReordered(last) else {
            throw .invalidModel("ends with a flatten layer; a dense layer must follow it")
        }
        do {
            return try FloatNetwork(
                name: name, tensors: lowering.tensors, nodes: lowering.nodes, input: 0, output: last, labels: labels)
        } catch {
            throw .invalidModel("cannot be lowered: \(error)")
        }
    }
}

/// Lowering, layer by layer. Tensor 0 is the input.
struct NetworkLowering {
    private(set) var tensors: [FloatNetwork.Tensor] = []
    private(set) var nodes: [NetworkNode<FloatFilter>] = []
    private var reader: TensorReader
    /// Tensors that the model has flattened, channels outermost; here they keep their shape and order.
    private var flattened: Set<Int> = []

    init(input: [Int], reader: TensorReader) {
        self.reader = reader
        tensors = [FloatNetwork.Tensor(name: "input", shape: FeatureShape(channelsFirst: input))]
    }

    /// Whether the elements stand in another order than the model's own.
    func isReordered(_ tensor: Int) -> Bool {
        let shape = tensors[tensor].shape
        return flattened.contains(tensor) && shape.count != shape.channels
    }

    /// Adds nodes for some layers and returns the index of the last tensor.
    mutating func lower(_ layers: ArraySlice<ResolvedLayer>, from first: Int) throws(TrainingError) -> Int {
        var rest = layers
        var tensor = first
        while let layer = rest.popFirst() {
            if case .flatten = layer.spec {
                flattened.insert(tensor)
            } else if case .residual = layer.spec {
                tensor = try residual(layer, from: tensor, &rest)
            } else {
                tensor = try add(layer, from: tensor, &rest)
            }
        }
        return tensor
    }

    private mutating func residual(
        _ layer: ResolvedLayer, from tensor: Int, _ rest: inout ArraySlice<ResolvedLayer>
    ) throws(TrainingError) -> Int {
        let body = try lower(layer.body[...], from: tensor)
        let shortcut = try lower(layer.shortcut[...], from: tensor)
        guard tensors[body].shape == tensors[shortcut].shape else {
            throw .invalidLayer(
                path: layer.path, input: layer.inputShape, reason: "adds tensors that are flattened differently")
        }
        return append(layer, .add(takeActivation(&rest)), [body, shortcut], tensors[body].shape)
    }

    private mutating func add(
        _ layer: ResolvedLayer, from tensor: Int, _ rest: inout ArraySlice<ResolvedLayer>
    ) throws(TrainingError) -> Int {
        let shape = FeatureShape(channelsFirst: layer.outputShape)
        switch layer.spec {
        case .conv1d(let out, _, _), .conv2d(let out, _, _):
            let window = try window(layer)
            let filter = try filter(layer, outputs: out, channels: layer.inputShape[0], window)
            return append(layer, .convolution(filter, window, takeActivation(&rest)), [tensor], shape)
        case .depthwiseConv2d:
            let window = try window(layer)
            let filter = try depthwiseFilter(layer, channels: shape.channels, window)
            return append(layer, .depthwiseConvolution(filter, window, takeActivation(&rest)), [tensor], shape)
        case .dense(let out, _):
            let filter = try denseFilter(layer, outputs: out, source: tensor)
            return append(layer, .dense(filter, takeActivation(&rest)), [tensor], shape)
        case .maxpool1d, .maxpool2d: return append(layer, .maxPool(try window(layer)), [tensor], shape)
        case .avgpool1d, .avgpool2d: return append(layer, .averagePool(try window(layer)), [tensor], shape)
        case .globalAveragePool: return append(layer, .globalAveragePool, [tensor], shape)
        case .relu: return try clampBefore(layer, tensor, .relu)
        case .relu6: return try clampBefore(layer, tensor, .relu6)
        case .batchNorm, .embedding, .gru, .flatten, .residual:
            throw .invalidLayer(path: layer.path, input: layer.inputShape, reason: "has no integer form")
        }
    }

    /// A clamp behind a max pool is the same as one before it; elsewhere it has nothing to be part of.
    private mutating func clampBefore(
        _ layer: ResolvedLayer, _ tensor: Int, _ activation: FusedActivation
    ) throws(TrainingError) -> Int {
        if let pool = nodes.last, pool.output == tensor, case .maxPool = pool.operation, nodes.count > 1 {
            let linear = nodes[nodes.count - 2]
            if linear.output == pool.inputs[0], let clamped = linear.operation.clamped(activation) {
                nodes[nodes.count - 2] = NetworkNode(
                    name: linear.name, operation: clamped, inputs: linear.inputs, output: linear.output)
                return tensor
            }
        }
        throw .invalidLayer(
            path: layer.path, input: layer.inputShape,
            reason: "must follow a convolution, a dense layer or a sum to run in integers")
    }

    private mutating func append(
        _ layer: ResolvedLayer, _ operation: NetworkOperation<FloatFilter>, _ inputs: [Int], _ shape: FeatureShape
    ) -> Int {
        tensors.append(FloatNetwork.Tensor(name: layer.path, shape: shape))
        nodes.append(NetworkNode(name: layer.path, operation: operation, inputs: inputs, output: tensors.count - 1))
        return tensors.count - 1
    }

    private func takeActivation(_ rest: inout ArraySlice<ResolvedLayer>) -> FusedActivation {
        switch rest.first?.spec {
        case .relu:
            rest.removeFirst()
            return .relu
        case .relu6:
            rest.removeFirst()
            return .relu6
        default: return .none
        }
    }

    private func window(_ layer: ResolvedLayer) throws(TrainingError) -> NetworkWindow {
        guard let window = layer.spec.window else {
            throw .invalidLayer(path: layer.path, input: layer.inputShape, reason: "has no window")
        }
        let geometry = SlidingGeometry(shape: layer.inputShape, window: window)
        return NetworkWindow(
            height: geometry.kernelHeight, width: geometry.kernelWidth,
            strideHeight: layer.inputShape.count == 3 ? geometry.stride : 1, strideWidth: geometry.stride,
            top: geometry.top, left: geometry.left, bottom: geometry.paddedHeight - geometry.height - geometry.top,
            right: geometry.paddedWidth - geometry.width - geometry.left)
    }

    /// From `[out, channels, taps]` to `[out, taps, channels]`.
    private mutating func filter(
        _ layer: ResolvedLayer, outputs: Int, channels: Int, _ window: NetworkWindow
    ) throws(TrainingError) -> FloatFilter {
        let weight = try reader.next()
        let taps = window.height * window.width
        return FloatFilter(
            shape: FilterShape(outputs: outputs, height: window.height, width: window.width, inputs: channels),
            values: Self.transposed(weight, blocks: outputs, rows: channels, columns: taps),
            bias: try bias(layer, outputs))
    }

    /// From `[channels, 1, taps]` to `[taps, channels]`.
    private mutating func depthwiseFilter(
        _ layer: ResolvedLayer, channels: Int, _ window: NetworkWindow
    ) throws(TrainingError) -> FloatFilter {
        let weight = try reader.next()
        return FloatFilter(
            shape: FilterShape(outputs: 1, height: window.height, width: window.width, inputs: channels),
            values: Self.transposed(weight, blocks: 1, rows: channels, columns: window.height * window.width),
            bias: try bias(layer, channels))
    }

    private mutating func denseFilter(
        _ layer: ResolvedLayer, outputs: Int, source: Int
    ) throws(TrainingError) -> FloatFilter {
        var weight = try reader.next()
        let shape = tensors[source].shape
        if isReordered(source) {
            weight = Self.transposed(
                weight, blocks: outputs, rows: shape.channels, columns: shape.height * shape.width)
        }
        return FloatFilter(
            shape: FilterShape(outputs: outputs, inputs: shape.count), values: weight, bias: try bias(layer, outputs))
    }

    private mutating func bias(_ layer: ResolvedLayer, _ count: Int) throws(TrainingError) -> [Float] {
        layer.tensors.count > 1 ? try reader.next() : [Float](repeating: 0, count: count)
    }

    private static func transposed(_ values: [Float], blocks: Int, rows: Int, columns: Int) -> [Float] {
        var result = values
        for block in 0..<blocks {
            let start = block * rows * columns
            for row in 0..<rows {
                for column in 0..<columns {
                    result[start + column * rows + row] = values[start + row * columns + column]
                }
            }
        }
        return result
    }
}

extension FeatureShape {
    /// From `[N]`, `[C, T]` or `[C, H, W]`.
    init(channelsFirst shape: [Int]) {
        self.init(
            height: shape.count == 3 ? shape[1] : 1, width: shape.count > 1 ? shape[shape.count - 1] : 1,
            channels: shape[0])
    }
}

extension LayerSpec {
    /// The window, where the layer has one.
    var window: Window? {
        switch self {
        case .conv1d(_, let window, _), .conv2d(_, let window, _), .depthwiseConv2d(let window, _),
            .maxpool1d(let window), .maxpool2d(let window), .avgpool1d(let window), .avgpool2d(let window):
            window
        default: nil
        }
    }
}

extension NetworkOperation where Filter == FloatFilter {
    /// The operation with a clamp at its end; nil where it has one already or cannot have any.
    func clamped(_ activation: FusedActivation) -> NetworkOperation? {
        switch self {
        case .convolution(let filter, let window, .none): .convolution(filter, window, activation)
        case .depthwiseConvolution(let filter, let window, .none): .depthwiseConvolution(filter, window, activation)
        case .dense(let filter, .none): .dense(filter, activation)
        case .add(.none): .add(activation)
        default: nil
        }
    }
}
