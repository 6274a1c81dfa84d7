import Tensors

extension ModelSpec {
    /// The same function without batch norm: each one that follows a convolution or a dense layer goes into that layer's
    /// weights and bias (Jacob et al. 2018, arXiv:1712.05877, §3.2), with its running statistics.
    ///
    /// One that stands before a convolution without padding, or before a dense layer, goes into that one. A batch norm in
    /// any other place becomes a pointwise scaling, a depthwise 1×1 convolution, where its input is `[C, H, W]`, and is
    /// refused elsewhere.
    ///
    /// - Parameter parameters: the flat vector of this model.
    /// - Returns: a model without batch norm and its parameters.
    /// - Throws: as `layout()`; `.parameterCountMismatch`; `.nonFiniteParameter` for NaN, infinity or a negative variance;
    ///   `.invalidLayer` for a batch norm that cannot be folded.
    public func foldingBatchNorm(
        _ parameters: [Float]
    ) throws(TrainingError) -> (spec: ModelSpec, parameters: [Float]) {
        let layers = try resolved()
        let layout = try Self.layout(of: layers)
        guard parameters.count == layout.count else {
            throw .parameterCountMismatch(expected: layout.count, actual: parameters.count)
        }
        var reader = TensorReader(entries: layout.entries, parameters: parameters)
        let folded = try BatchNormFolding.fold(layers, &reader)
        let spec = ModelSpec(
            name: name, inputShape: inputShape, classCount: classCount, layers: folded.layers)
        return (spec, folded.parameters)
    }
}

/// Hands out the tensors of a parameter vector in order.
struct TensorReader {
    private var entries: ArraySlice<ParameterEntry>
    private let parameters: [Float]

    init(entries: [ParameterEntry], parameters: [Float]) {
        self.entries = entries[...]
        self.parameters = parameters
    }

    mutating func next() throws(TrainingError) -> [Float] {
        guard let entry = entries.popFirst() else { throw .invalidModel("has fewer tensors than its layers need") }
        let values = Array(parameters[entry.range])
        guard values.allSatisfy(\.isFinite) else { throw .nonFiniteParameter(name: entry.name) }
        return values
    }
}

/// Folding, layer by layer. Tensors of the result come in the order of its layers.
enum BatchNormFolding {
    struct Result {
        var layers: [LayerSpec] = []
        var parameters: [Float] = []
    }

    /// `scale · x + shift`, one pair per channel.
    struct Affine {
        let scale: [Float]
        let shift: [Float]
    }

    static func fold(
        _ layers: [ResolvedLayer], _ reader: inout TensorReader
    ) throws(TrainingError) -> Result {
        var result = Result()
        var rest = layers[...]
        while let layer = rest.popFirst() {
            if case .residual = layer.spec {
                let body = try fold(layer.body, &reader)
                let shortcut = try fold(layer.shortcut, &reader)
                result.layers.append(.residual(body: body.layers, shortcut: shortcut.layers))
                result.parameters += body.parameters + shortcut.parameters
            } else if case .batchNorm = layer.spec {
                let affine = try affine(layer, &reader)
                if let next = rest.first, next.spec.takesAffineInput {
                    rest.removeFirst()
                    try foldLinear(next, before: affine, &rest, &reader, &result)
                } else {
                    let filter = try standalone(layer, affine)
                    result.layers.append(filter.spec)
                    result.parameters += filter.parameters
                }
            } else {
                try foldLinear(layer, before: nil, &rest, &reader, &result)
            }
        }
        return result
    }

    /// One layer, together with the batch norms on both sides of it where there are any.
    private static func foldLinear(
        _ layer: ResolvedLayer, before front: Affine?, _ rest: inout ArraySlice<ResolvedLayer>,
        _ reader: inout TensorReader,
        _ result: inout Result
    ) throws(TrainingError) {
        var tensors: [[Float]] = []
        for _ in layer.tensors { tensors.append(try reader.next()) }
        if let front { absorb(front, into: &tensors, filters: layer.outputShape[0]) }
        guard let biased = layer.spec.withBias, let next = rest.first, case .batchNorm = next.spec else {
            result.layers.append(front == nil ? layer.spec : layer.spec.withBias ?? layer.spec)
            result.parameters += tensors.joined()
            return
        }
        rest.removeFirst()
        let affine = try affine(next, &reader)
        let channels = affine.scale.count
        let columns = tensors[0].count / channels
        let bias = tensors.count > 1 ? tensors[1] : [Float](repeating: 0, count: channels)
        result.layers.append(biased)
        for (index, weight) in tensors[0].enumerated() {
            result.parameters.append(weight * affine.scale[index / columns])
        }
        for channel in 0..<channels {
            result.parameters.append(bias[channel] * affine.scale[channel] + affine.shift[channel])
        }
    }

    /// Moves `scale · x + shift` of the input channels into weight `[out, in, …]` and bias, which is made where there is
    /// none.
    private static func absorb(_ front: Affine, into tensors: inout [[Float]], filters: Int) {
        let columns = tensors[0].count / filters
        let taps = columns / front.scale.count
        var bias = tensors.count > 1 ? tensors[1].map(Double.init) : [Double](repeating: 0, count: filters)
        for index in tensors[0].indices {
            let channel = index % columns / taps
            bias[index / columns] += Double(tensors[0][index]) * Double(front.shift[channel])
            tensors[0][index] *= front.scale[channel]
        }
        tensors = [tensors[0], bias.map { Float($0) }]
    }

    private static func standalone(
        _ layer: ResolvedLayer, _ affine: Affine
    ) throws(TrainingError) -> (spec: LayerSpec, parameters: [Float]) {
        guard layer.inputShape.count == 3 else {
            throw .invalidLayer(
                path: layer.path, input: layer.inputShape,
                reason: "only folds behind a convolution or dense layer, or before one without padding; move it there")
        }
        return (.depthwiseConv2d(window: Window(kernel: 1)), affine.scale + affine.shift)
    }

    /// Batch norm with running statistics as `scale · x + shift`.
    private static func affine(
        _ layer: ResolvedLayer, _ reader: inout TensorReader
    ) throws(TrainingError) -> Affine {
        let (gamma, beta) = (try reader.next(), try reader.next())
        let (mean, variance) = (try reader.next(), try reader.next())
        var scale: [Float] = []
        var shift: [Float] = []
        for channel in gamma.indices {
            guard variance[channel] >= 0 else { throw .nonFiniteParameter(name: "\(layer.path)/variance") }
            let factor = gamma[channel] / (variance[channel] + BatchNormOperation.epsilon).squareRoot()
            scale.append(factor)
            shift.append(beta[channel] - mean[channel] * factor)
        }
        return Affine(scale: scale, shift: shift)
    }
}

extension LayerSpec {
    /// The same layer with a bias; nil where there is nothing to fold into.
    var withBias: LayerSpec? {
        switch self {
        case .conv1d(let out, let window, _): .conv1d(out: out, window: window)
        case .conv2d(let out, let window, _): .conv2d(out: out, window: window)
        case .depthwiseConv2d(let window, _): .depthwiseConv2d(window: window)
        case .dense(let out, _): .dense(out: out)
        default: nil
        }
    }

    /// Whether an affine input can be moved into the weights: padding would add zeros that the input does not have.
    var takesAffineInput: Bool {
        switch self {
        case .conv1d(_, let window, _), .conv2d(_, let window, _): window.padding == .zeros(0)
        case .dense: true
        default: false
        }
    }
}
