extension ModelSpec {
    /// Multiplications (each with its addition) that one sample takes in layers with weights; padded taps count.
    ///
    /// - Throws: as `layout()`.
    public func multiplyAccumulateCount() throws(TrainingError) -> Int {
        try resolved().reduce(0) { $0 + $1.multiplyAccumulateCount }
    }
}

extension ResolvedLayer {
    /// Multiplications that one sample takes in the layer and in those inside it.
    public var multiplyAccumulateCount: Int {
        let positions = outputShape.dropFirst().reduce(1, *)
        let inner = (body + shortcut).reduce(0) { $0 + $1.multiplyAccumulateCount }
        switch spec {
        case .conv1d, .conv2d, .depthwiseConv2d: return positions * tensors[0].shape.reduce(1, *)
        case .dense: return tensors[0].shape.reduce(1, *)
        case .gru: return inputShape[1] * tensors.prefix(2).reduce(0) { $0 + $1.shape.reduce(1, *) }
        default: return inner
        }
    }
}
