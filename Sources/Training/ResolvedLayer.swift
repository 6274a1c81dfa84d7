import Tensors

/// How a tensor starts out.
public enum InitialValue: Hashable, Sendable {
    /// Uniform in ±1/√fanIn.
    case uniform(fanIn: Int)
    /// Uniform in ±1.
    case unitUniform
    /// The same value everywhere.
    case constant(Float)
}

/// One tensor of a layer.
public struct ResolvedTensor: Hashable, Sendable {
    /// Name in the parameter layout, `layer/tensor`.
    public let name: String
    /// Sizes, outermost first.
    public let shape: [Int]
    /// What the tensor is for.
    public let kind: ParameterKind
    /// How it starts out.
    public let initial: InitialValue
}

/// A layer that was checked against its input.
public struct ResolvedLayer: Hashable, Sendable {
    /// The layer as written.
    public let spec: LayerSpec
    /// Position and name, for example `0.conv2d` or `3.residual.body.0.conv2d`.
    public let path: String
    /// Shape of one sample before the layer.
    public let inputShape: [Int]
    /// Shape of one sample behind the layer.
    public let outputShape: [Int]
    /// The layer's own tensors, in layout order.
    public let tensors: [ResolvedTensor]
    /// The layers of a residual's body.
    public let body: [ResolvedLayer]
    /// The layers of a residual's shortcut; empty passes the input on.
    public let shortcut: [ResolvedLayer]

    /// The tensors of the layer and of the layers inside it, in layout order.
    public var allTensors: [ResolvedTensor] {
        tensors + body.flatMap(\.allTensors) + shortcut.flatMap(\.allTensors)
    }
}

extension ResolvedLayer {
    /// Elements of one sample that the layer and the layers inside it keep in memory, roughly.
    var activationCount: Int {
        var inner = 0
        if case .gru(let units, _) = spec { inner = 3 * units * inputShape[1] }
        return outputShape.reduce(1, *) + inner + body.reduce(0) { $0 + $1.activationCount }
            + shortcut.reduce(0) { $0 + $1.activationCount }
    }
}
