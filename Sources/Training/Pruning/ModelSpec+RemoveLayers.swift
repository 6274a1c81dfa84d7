import Tensors

extension ModelSpec {
    /// Paths of the layers that can go without a change of shape: a residual block, or a layer with weights, whose output
    /// looks like its input. The batch norm behind a layer with weights goes with it, as does its clamp where the layer
    /// before ends in one.
    ///
    /// - Throws: as `layout()`.
    public func removableLayers() throws(TrainingError) -> [String] { Self.removable(try resolved()) }

    private static func removable(_ layers: [ResolvedLayer]) -> [String] {
        var paths: [String] = []
        for layer in layers {
            if layers.count > 1, isRemovable(layer) { paths.append(layer.path) }
            paths += removable(layer.body) + removable(layer.shortcut)
        }
        return paths
    }

    private static func isRemovable(_ layer: ResolvedLayer) -> Bool {
        guard layer.inputShape == layer.outputShape else { return false }
        switch layer.spec {
        case .conv1d, .conv2d, .depthwiseConv2d, .dense, .residual: return true
        default: return false
        }
    }

    /// The model without some of its `removableLayers()`.
    ///
    /// - Throws: as `layout()`; `.parameterCountMismatch`; `.invalidCompaction` for a path that is not removable, or where
    ///   nothing would be left of a model or of a residual's body.
    public func removingLayers(_ paths: Set<String>, _ parameters: [Float]) throws(TrainingError) -> CompactModel {
        let layers = try resolved()
        let layout = try Self.layout(of: layers)
        try parameters.checkCount(of: layout)
        if let path = paths.subtracting(Self.removable(layers)).min() {
            throw .invalidCompaction("layer '\(path)' cannot be removed; removable are \(Self.removable(layers))")
        }
        var kept: Set<String> = []
        let specs = Self.remaining(layers, paths, &kept)
        let values = layout.entries.filter { kept.contains($0.name) }.flatMap { parameters[$0.range] }
        let spec = ModelSpec(name: name, inputShape: inputShape, classCount: classCount, layers: specs)
        do {
            try values.checkCount(of: try spec.layout())
        } catch {
            throw .invalidCompaction("without \(paths.sorted()) there is no model left: \(error)")
        }
        return CompactModel(spec: spec, parameters: values)
    }

    private static func remaining(
        _ layers: [ResolvedLayer], _ removed: Set<String>, _ kept: inout Set<String>
    ) -> [LayerSpec] {
        var specs: [LayerSpec] = []
        var rest = layers[...]
        while let layer = rest.popFirst() {
            if removed.contains(layer.path) {
                if layer.spec.withBias != nil, rest.first?.spec == .batchNorm { rest.removeFirst() }
                if let clamp = rest.first?.spec, clamp == .relu || clamp == .relu6, specs.last == clamp {
                    rest.removeFirst()
                }
                continue
            }
            kept.formUnion(layer.tensors.map(\.name))
            if case .residual = layer.spec {
                let body = remaining(layer.body, removed, &kept)
                specs.append(.residual(body: body, shortcut: remaining(layer.shortcut, removed, &kept)))
            } else {
                specs.append(layer.spec)
            }
        }
        return specs
    }
}
