/// A tensor between layers that has a quantization of its own.
public struct QuantizationPoint: Hashable, Sendable {
    /// `input`, or the path of the layer that makes the tensor: a convolution or dense layer (its batch norm and clamp
    /// included), a GRU, a residual sum (its clamp included), a batch norm that follows neither.
    public let path: String
    /// Shape of one sample there, channels first.
    public let shape: [Int]

    /// The path of a sample itself.
    static let inputPath = "input"
}

extension ModelSpec {
    /// The tensors with a quantization of their own, in an order that folding batch norm does not change: the input
    /// (unless it is token ids), then the output of each layer with weights and of each sum. Pools, clamps and flattening
    /// keep the quantization of their input.
    ///
    /// - Throws: as `layout()`.
    public func quantizationPoints() throws(TrainingError) -> [QuantizationPoint] {
        let layers = try resolved()
        var points: [QuantizationPoint] = []
        if !layers.startsWithTokens {
            points.append(QuantizationPoint(path: QuantizationPoint.inputPath, shape: inputShape))
        }
        return points + layers.pointLayers.map { QuantizationPoint(path: $0.path, shape: $0.outputShape) }
    }
}

extension ResolvedLayer {
    /// Whether the output has a quantization of its own; a batch norm behind weights shares theirs.
    func isQuantizationPoint(after previous: ResolvedLayer?) -> Bool {
        switch spec {
        case .conv1d, .conv2d, .depthwiseConv2d, .dense, .gru, .residual: true
        case .batchNorm: previous?.spec.withBias == nil
        default: false
        }
    }
}

extension [ResolvedLayer] {
    /// The layers whose outputs have a quantization of their own, those inside a residual before it.
    var pointLayers: [ResolvedLayer] {
        indices.filter { self[$0].isQuantizationPoint(after: self[..<$0].last) }.flatMap { index in
            self[index].body.pointLayers + self[index].shortcut.pointLayers + [self[index]]
        }
    }

    /// Whether the input is token ids, which no rounding may touch.
    var startsWithTokens: Bool {
        if case .embedding? = first?.spec { true } else { false }
    }
}
