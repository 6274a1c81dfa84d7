/// How far zeros extend a tensor before a window slides over it.
public enum Padding: Hashable, Sendable {
    /// This many zeros on every side, 0 or more.
    case zeros(Int)
    /// As many zeros as make the output `ceil(input / stride)` long; an odd one goes to the end.
    case same
}

/// A square (2-D) or straight (1-D) window that slides over a tensor.
public struct Window: Hashable, Sendable {
    /// Length of each side, at least 1.
    public var kernel: Int
    /// Steps from one position to the next, at least 1.
    public var stride: Int
    /// Zeros around the input. Pooling takes none.
    public var padding: Padding

    /// Describes a window; checked against its input by `ModelSpec.layout()`.
    public init(kernel: Int, stride: Int = 1, padding: Padding = .zeros(0)) {
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
    }

    /// A pooling window that tiles its input.
    public static func pool(_ size: Int) -> Window { Window(kernel: size, stride: size) }
}

/// One layer of a model, as scenario files and model descriptions write it.
///
/// Shapes are those of one sample, channels first: `[C, H, W]` for 2-D layers, `[C, T]` for 1-D and recurrent ones, `[N]`
/// for dense ones and for token sequences. In JSON or YAML a layer without settings is a bare name (`relu`), any other
/// a mapping with one key (`{conv2d: {out: 16, kernel: 3}}`), short where one number says it all (`{dense: 10}`).
public indirect enum LayerSpec: Hashable, Sendable {
    /// `[C, T]` to `[out, T']`.
    case conv1d(out: Int, window: Window, bias: Bool = true)
    /// `[C, H, W]` to `[out, H', W']`.
    case conv2d(out: Int, window: Window, bias: Bool = true)
    /// `[C, H, W]` to `[C, H', W']`, one filter per channel.
    case depthwiseConv2d(window: Window, bias: Bool = true)
    /// `[N]` to `[out]`.
    case dense(out: Int, bias: Bool = true)
    /// `max(x, 0)`.
    case relu
    /// `min(max(x, 0), 6)`.
    case relu6
    /// Largest of each window; an incomplete window at the end is dropped.
    case maxpool1d(Window)
    /// Largest of each window; an incomplete window at the end is dropped.
    case maxpool2d(Window)
    /// Mean of each window; an incomplete window at the end is dropped.
    case avgpool1d(Window)
    /// Mean of each window; an incomplete window at the end is dropped.
    case avgpool2d(Window)
    /// Mean of each channel: `[C, …]` to `[C]`.
    case globalAveragePool
    /// Any shape to `[N]`, channels outermost.
    case flatten
    /// Normalizes each channel over batch and positions (Ioffe, Szegedy 2015, arXiv:1502.03167), with learned scale and
    /// shift and with running statistics for evaluation.
    case batchNorm
    /// Token ids `[T]` to `[dimension, T]`; ids are whole numbers below `vocabulary`.
    case embedding(vocabulary: Int, dimension: Int)
    /// Gated recurrent unit (Cho et al. 2014, arXiv:1406.1078, in the form with the reset gate behind the recurrent
    /// product): `[C, T]` to the last state `[units]`, or to every state `[units, T]`.
    case gru(units: Int, everyStep: Bool = false)
    /// Sum of `body` and `shortcut` applied to one input; an empty shortcut passes the input on.
    case residual(body: [LayerSpec], shortcut: [LayerSpec] = [])

    /// What batch norm adds to the variance before it takes the root.
    package static let batchNormEpsilon: Float = 1e-5

    /// The name in JSON and YAML.
    public var name: String {
        switch self {
        case .conv1d: "conv1d"
        case .conv2d: "conv2d"
        case .depthwiseConv2d: "depthwiseconv2d"
        case .dense: "dense"
        case .relu: "relu"
        case .relu6: "relu6"
        case .maxpool1d: "maxpool1d"
        case .maxpool2d: "maxpool2d"
        case .avgpool1d: "avgpool1d"
        case .avgpool2d: "avgpool2d"
        case .globalAveragePool: "globalaveragepool"
        case .flatten: "flatten"
        case .batchNorm: "batchnorm"
        case .embedding: "embedding"
        case .gru: "gru"
        case .residual: "residual"
        }
    }

    /// Names of the layers that have no settings.
    public static let bareNames = ["batchnorm", "flatten", "globalaveragepool", "relu", "relu6"]
    /// Names of the layers that have settings.
    public static let settableNames = [
        "avgpool1d", "avgpool2d", "conv1d", "conv2d", "dense", "depthwiseconv2d", "embedding", "gru", "maxpool1d",
        "maxpool2d", "residual",
    ]
}
