import Tensors

/// Turns checked layers into operations, fusing neighbours where that saves passes over memory.
struct NetworkCompiler {
    private let capacity: Int
    private let offsets: [String: Int]
    private let probe: (any NetworkProbe)?

    init(layout: ParameterLayout, capacity: Int, probe: (any NetworkProbe)? = nil) {
        self.capacity = capacity
        self.probe = probe
        offsets = Dictionary(uniqueKeysWithValues: layout.entries.map { ($0.name, $0.offset) })
    }

    /// Compiles the layers of a model, or, where `isWhole` is false, of one branch of a residual.
    func compile(_ layers: [ResolvedLayer], inputShape: [Int], isWhole: Bool = false) -> SequentialOperation {
        var steps: [any Operation] = []
        var rest = layers[...]
        if isWhole, let probe, !layers.startsWithTokens, let step = probe.input(shape: inputShape) {
            steps.append(step)
        }
        while let layer = rest.popFirst() {
            let norm = layer.spec.withBias == nil ? nil : rest.first.flatMap { $0.spec == .batchNorm ? $0 : nil }
            steps.append(operation(layer, &rest))
            if let probe { addProbes(probe, behind: layer, norm, &rest, &steps) }
        }
        return SequentialOperation(inputCount: inputShape.reduce(1, *), steps: steps, capacity: capacity)
    }

    /// The probes of a layer with weights or of a sum, with the clamp and the batch norm that belong to it in between.
    ///
    /// - Parameter norm: the batch norm right behind the layer, if any; still in `rest`.
    private func addProbes(
        _ probe: any NetworkProbe, behind layer: ResolvedLayer, _ norm: ResolvedLayer?,
        _ rest: inout ArraySlice<ResolvedLayer>, _ steps: inout [any Operation]
    ) {
        guard layer.isQuantizationPoint(after: nil) else { return }
        if let norm {
            if let step = probe.beforeNorm(of: layer) { steps.append(step) }
            rest.removeFirst()
            steps.append(batchNorm(norm, &rest))
        }
        let count = steps.last?.outputCount ?? 0
        switch takeActivation(&rest) {
        case .identity: break
        case let activation: steps.append(ActivationOperation(count: count, activation: activation))
        }
        if let step = probe.output(of: layer, count: count) { steps.append(step) }
    }

    private func operation(_ layer: ResolvedLayer, _ rest: inout ArraySlice<ResolvedLayer>) -> any Operation {
        let shape = layer.inputShape
        switch layer.spec {
        case .conv1d, .conv2d, .dense, .depthwiseConv2d: return linear(layer, &rest)
        case .relu: return ActivationOperation(count: shape.reduce(1, *), activation: .relu)
        case .relu6: return ActivationOperation(count: shape.reduce(1, *), activation: .relu6)
        case .maxpool1d(let window), .maxpool2d(let window):
            return MaxPoolOperation(geometry: SlidingGeometry(shape: shape, window: window), capacity: capacity)
        case .avgpool1d(let window), .avgpool2d(let window):
            return AveragePoolOperation(geometry: SlidingGeometry(shape: shape, window: window))
        case .globalAveragePool:
            return GlobalAveragePoolOperation(positions: shape.dropFirst().reduce(1, *), channels: shape[0])
        case .flatten: return FlattenOperation(positions: shape.dropFirst().reduce(1, *), channels: shape[0])
        case .batchNorm: return batchNorm(layer, &rest)
        case .embedding(let vocabulary, let dimension):
            return EmbeddingOperation(
                length: shape[0], vocabulary: vocabulary, dimension: dimension, weight: offset(layer, "weight"))
        case .gru(let units, let everyStep): return gru(layer, units: units, everyStep: everyStep)
        case .residual:
            return ResidualOperation(
                inputCount: shape.reduce(1, *), body: compile(layer.body, inputShape: shape),
                shortcut: compile(layer.shortcut, inputShape: shape), capacity: capacity)
        }
    }

    private func linear(_ layer: ResolvedLayer, _ rest: inout ArraySlice<ResolvedLayer>) -> any Operation {
        let shape = layer.inputShape
        let bias = offsets["\(layer.path)/bias"]
        switch layer.spec {
        case .conv1d(let out, let window, _), .conv2d(let out, let window, _):
            return convolution(layer, out: out, window: window, &rest)
        case .dense(let out, _):
            return DenseOperation(
                inputCount: shape[0], outputCount: out, weight: offset(layer, "weight"), bias: bias,
                activation: takeActivation(&rest))
        case .depthwiseConv2d(let window, _):
            return DepthwiseConvolutionOperation(
                geometry: SlidingGeometry(shape: shape, window: window), weight: offset(layer, "weight"), bias: bias,
                activation: takeActivation(&rest), capacity: capacity)
        default: preconditionFailure("\(layer.path) has no weights")
        }
    }

    private func batchNorm(_ layer: ResolvedLayer, _ rest: inout ArraySlice<ResolvedLayer>) -> any Operation {
        BatchNormOperation(
            channels: layer.inputShape[0], positions: layer.inputShape.dropFirst().reduce(1, *),
            tensors: BatchNormTensors(
                scale: offset(layer, "scale"), shift: offset(layer, "shift"), mean: offset(layer, "mean"),
                variance: offset(layer, "variance")), activation: takeActivation(&rest))
    }

    private func gru(_ layer: ResolvedLayer, units: Int, everyStep: Bool) -> any Operation {
        GRUOperation(
            length: layer.inputShape[1], channels: layer.inputShape[0], units: units, everyStep: everyStep,
            tensors: GRUTensors(
                inputWeight: offset(layer, "input_weight"), stateWeight: offset(layer, "state_weight"),
                inputBias: offset(layer, "input_bias"), stateBias: offset(layer, "state_bias")), capacity: capacity)
    }

    private func convolution(
        _ layer: ResolvedLayer, out: Int, window: Window, _ rest: inout ArraySlice<ResolvedLayer>
    ) -> any Operation {
        let geometry = SlidingGeometry(shape: layer.inputShape, window: window)
        let bias = offsets["\(layer.path)/bias"]
        let weight = offset(layer, "weight")
        var activation = takeActivation(&rest)
        guard let tiling = takeTiling(geometry, &rest) else {
            return ConvolutionOperation(
                geometry: geometry, out: out, weight: weight, bias: bias, activation: activation, capacity: capacity)
        }
        // A clamp behind the pool is the same as one before it.
        if activation == .identity { activation = takeActivation(&rest) }
        return PooledConvolutionOperation(
            geometry: geometry, pool: tiling, out: out, weight: weight, bias: bias, activation: activation,
            capacity: capacity)
    }

    private func takeActivation(_ rest: inout ArraySlice<ResolvedLayer>) -> Activation {
        switch rest.first?.spec {
        case .relu:
            rest.removeFirst()
            return .relu
        case .relu6:
            rest.removeFirst()
            return .relu6
        default: return .identity
        }
    }

    private func takeTiling(_ geometry: SlidingGeometry, _ rest: inout ArraySlice<ResolvedLayer>) -> PoolTiling? {
        let window: Window
        let poolHeight: Int
        switch rest.first?.spec {
        case .maxpool1d(let pool): (window, poolHeight) = (pool, 1)
        case .maxpool2d(let pool): (window, poolHeight) = (pool, pool.kernel)
        default: return nil
        }
        guard window.stride == window.kernel else { return nil }
        rest.removeFirst()
        return PoolTiling(
            outputHeight: geometry.outputHeight, outputWidth: geometry.outputWidth, poolHeight: poolHeight,
            poolWidth: window.kernel)
    }

    private func offset(_ layer: ResolvedLayer, _ tensor: String) -> Int {
        guard let offset = offsets["\(layer.path)/\(tensor)"] else {
            preconditionFailure("the layout has no tensor \(layer.path)/\(tensor)")
        }
        return offset
    }
}
