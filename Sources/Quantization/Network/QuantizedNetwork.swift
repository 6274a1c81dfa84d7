/// A network in integers, whatever file or runtime it is for: the rules are those of Jacob et al. 2018
/// (arXiv:1712.05877) as TensorFlow Lite's quantization specification states them.
///
/// Activations are `scale · (q − zeroPoint)` per tensor; weights are symmetric per output channel; a bias is an `Int32` in
/// steps of input scale times weight scale. Pools and reshapes keep the quantization of their input, a softmax reads
/// integers of 8 bits and yields steps of 1/256 above −128. Activations of 16 bits are symmetric and meet weights of 8
/// bits; where activations of 8 and 16 bits meet, there is a `requantize` between them.
public struct QuantizedNetwork: Hashable, Sendable {
    /// Most elements that one tensor or filter may have (2^26).
    public static let maximumElementCount = 1 << 26
    /// Most tensors, and most nodes.
    public static let maximumNodeCount = 4096

    /// Name for reports and files.
    public let name: String
    /// All activations, in any order.
    public let tensors: [QuantizedActivation]
    /// The steps in an order in which they can run.
    public let nodes: [NetworkNode<QuantizedFilter>]
    /// Index of the tensor that a sample goes into.
    public let input: Int
    /// Index of the tensor with the result.
    public let output: Int
    /// Names of the classes; empty, or one per channel of the output.
    public let labels: [String]

    /// Checks and keeps a network.
    ///
    /// - Throws: `QuantizationError.invalidNetwork` with the node and the cause.
    public init(
        name: String, tensors: [QuantizedActivation], nodes: [NetworkNode<QuantizedFilter>], input: Int, output: Int,
        labels: [String] = []
    ) throws(QuantizationError) {
        let check = NetworkCheck(shapes: tensors.map(\.shape), input: input, output: output, labelCount: labels.count)
        if let fault = check.fault(of: nodes) { throw .invalidNetwork(fault) }
        if let fault = Self.fault(of: tensors, nodes) { throw .invalidNetwork(fault) }
        self.name = name
        self.tensors = tensors
        self.nodes = nodes
        self.input = input
        self.output = output
        self.labels = labels
    }

    private static func fault(of tensors: [QuantizedActivation], _ nodes: [NetworkNode<QuantizedFilter>]) -> String? {
        for (index, tensor) in tensors.enumerated() {
            if let fault = tensor.fault { return "tensor \(index) '\(tensor.name)': \(fault)" }
        }
        for (index, node) in nodes.enumerated() {
            let (source, target) = (tensors[node.inputs[0]], tensors[node.output])
            let place = "node \(index) '\(node.name)', \(node.operation.name):"
            switch node.operation {
            case .maxPool, .averagePool, .globalAveragePool, .reshape:
                if !source.hasSameQuantization(as: target) { return "\(place) input and output quantization differ" }
            case .softmax:
                if target.scale != 1 / 256 || target.zeroPoint != -128 || target.bits != 8 {
                    return "\(place) the output must have scale 1/256 and zero point -128"
                }
                if source.bits != 8 { return "\(place) reads activations of 16 bits" }
            case .requantize:
                if source.bits == target.bits { return "\(place) input and output have \(source.bits) bits both" }
            case .convolution, .depthwiseConvolution, .dense, .add:
                if node.inputs.contains(where: { tensors[$0].bits != target.bits }) {
                    return "\(place) mixes activations of 8 and 16 bits"
                }
                if target.bits == 16, let filter = node.operation.filter, filter.bits != 8 {
                    return "\(place) activations of 16 bits take weights of 8, not \(filter.bits)"
                }
            }
        }
        return nil
    }
}

/// A tensor between nodes, `r = scale · (q − zeroPoint)`.
public struct QuantizedActivation: Hashable, Sendable {
    /// Name for reports.
    public let name: String
    /// Shape without batch.
    public let shape: FeatureShape
    /// Size of a step, positive.
    public let scale: Float
    /// The integer that stands for 0: within Int8 at 8 bits, 0 at 16 bits.
    public let zeroPoint: Int32
    /// Width of an element: 8 or 16.
    public let bits: Int

    /// Describes a tensor; checked by the network that holds it.
    public init(name: String, shape: FeatureShape, scale: Float, zeroPoint: Int32, bits: Int = 8) {
        self.name = name
        self.shape = shape
        self.scale = scale
        self.zeroPoint = zeroPoint
        self.bits = bits
    }

    /// Bytes of all elements.
    public var byteCount: Int { shape.count * bits / 8 }

    /// Whether scale, zero point and width agree.
    public func hasSameQuantization(as other: QuantizedActivation) -> Bool {
        scale == other.scale && zeroPoint == other.zeroPoint && bits == other.bits
    }

    /// The integer for a real value: nearest, halves to even, saturating. NaN becomes the zero point.
    public func integer(for value: Float) -> Int32 {
        let limit: Float = bits == 8 ? 128 : 32768
        let position = (value / scale).rounded(.toNearestOrEven) + Float(zeroPoint)
        if position.isNaN { return zeroPoint }
        return Int32(max(-limit, min(limit - 1, position)))
    }

    /// The real value of an integer.
    public func value(of integer: Int32) -> Float { scale * Float(integer - zeroPoint) }

    var fault: String? {
        guard bits == 8 || bits == 16 else { return "activations of \(bits) bits; 8 and 16 exist" }
        guard scale.isNormal, scale > 0 else { return "scale \(scale) is not a positive normal number" }
        let allowed: ClosedRange<Int32> = bits == 8 ? -128...127 : 0...0
        guard allowed.contains(zeroPoint) else { return "zero point \(zeroPoint) is not within \(allowed)" }
        return nil
    }
}
