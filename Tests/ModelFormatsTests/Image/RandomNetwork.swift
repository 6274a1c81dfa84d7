import Quantization
import Tensors

/// Small random networks with every operation, for tests of writers and runtimes.
struct RandomNetwork {
    var random: SeededRandom
    private var tensors: [QuantizedActivation] = []
    private var nodes: [NetworkNode<QuantizedFilter>] = []

    /// Which activations have 16 bits: none, all, or those of the second half.
    enum Widths: CaseIterable {
        case narrow
        case wide
        case mixed
    }

    private var width = 8

    init(seed: UInt64) { random = SeededRandom(Seed(seed)) }

    private mutating func below(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }

    private mutating func add(_ shape: FeatureShape, like source: Int? = nil) -> Int {
        let scale = (0.01 + random.unitFloat() * 0.1) / (width == 16 ? 128 : 1)
        let zero = width == 16 ? 0 : Int32(below(40)) - 20
        tensors.append(
            QuantizedActivation(
                name: "t\(tensors.count)", shape: shape, scale: source.map { tensors[$0].scale } ?? scale,
                zeroPoint: source.map { tensors[$0].zeroPoint } ?? zero, bits: width))
        return tensors.count - 1
    }

    private mutating func filter(_ shape: FilterShape, channels: Int, bits: Int) -> QuantizedFilter {
        let limit = bits == 8 ? 127 : 7
        return QuantizedFilter(
            shape: shape, values: (0..<shape.count).map { _ in Int8(below(2 * limit + 1) - limit) },
            scales: (0..<channels).map { _ in 0.001 + random.unitFloat() * (bits == 8 ? 0.01 : 0.1) },
            bias: (0..<channels).map { _ in Int32(below(2001)) - 1000 }, bits: bits)
    }

    private mutating func append(_ operation: NetworkOperation<QuantizedFilter>, _ inputs: [Int], _ output: Int) {
        nodes.append(NetworkNode(name: "n\(nodes.count)", operation: operation, inputs: inputs, output: output))
    }

    private mutating func activation() -> FusedActivation { FusedActivation.allCases[below(3)] }

    private mutating func window(_ shape: FeatureShape, stride: Int) -> NetworkWindow {
        let (height, width) = (min(shape.height, 1 + below(3)), min(shape.width, 1 + below(4)))
        return NetworkWindow(
            height: height, width: width, strideHeight: stride, strideWidth: stride, top: below(height),
            left: below(width), bottom: below(height), right: below(width))
    }

    /// Convolutions with and without padding, a residual sum, pools, a dense layer, a softmax.
    mutating func network(bits: Int, isFlat: Bool, widths: Widths = .narrow) throws -> QuantizedNetwork {
        width = widths == .wide ? 16 : 8
        let input = FeatureShape(height: isFlat ? 1 : 5 + below(4), width: 6 + below(6), channels: 1 + below(4))
        var last = add(input)
        for _ in 0..<2 {
            let shape = tensors[last].shape
            let window = window(shape, stride: 1 + below(2))
            let size = window.outputSize(over: shape) ?? (1, 1)
            let output = FeatureShape(height: size.height, width: size.width, channels: 1 + below(9))
            let kernel = FilterShape(
                outputs: output.channels, height: window.height, width: window.width, inputs: shape.channels)
            let next = add(output)
            append(
                .convolution(filter(kernel, channels: output.channels, bits: bits), window, activation()), [last], next)
            last = next
        }
        if widths == .mixed { last = requantize(last, bits: 16) }
        last = depthwise(last, bits: bits)
        let pooled = tensors[last].shape
        let global = add(FeatureShape(channels: pooled.channels), like: last)
        append(below(2) == 0 ? .globalAveragePool : .averagePool(whole(pooled)), [last], global)
        let largest = add(FeatureShape(channels: pooled.channels), like: last)
        append(.maxPool(whole(pooled)), [last], largest)
        let sum = add(FeatureShape(channels: pooled.channels))
        append(.add(activation()), [global, largest], sum)
        let classes = 2 + below(9)
        let dense = add(FeatureShape(channels: classes))
        let kernel = FilterShape(outputs: classes, inputs: pooled.channels)
        append(.dense(filter(kernel, channels: classes, bits: bits), .none), [sum], dense)
        let logits = width == 16 ? requantize(dense, bits: 8) : dense
        tensors.append(
            QuantizedActivation(
                name: "probabilities", shape: FeatureShape(channels: classes), scale: 1 / 256, zeroPoint: -128))
        append(.softmax, [logits], tensors.count - 1)
        return try QuantizedNetwork(
            name: "random", tensors: tensors, nodes: nodes, input: 0, output: tensors.count - 1)
    }

    private mutating func requantize(_ last: Int, bits: Int) -> Int {
        width = bits
        let output = add(tensors[last].shape)
        append(.requantize, [last], output)
        return output
    }

    private mutating func depthwise(_ last: Int, bits: Int) -> Int {
        let shape = tensors[last].shape
        let window = window(shape, stride: 1)
        let size = window.outputSize(over: shape) ?? (1, 1)
        let output = add(FeatureShape(height: size.height, width: size.width, channels: shape.channels))
        let kernel = FilterShape(outputs: 1, height: window.height, width: window.width, inputs: shape.channels)
        append(
            .depthwiseConvolution(
                filter(kernel, channels: shape.channels, bits: bits), window, activation()), [last], output)
        return output
    }

    private func whole(_ shape: FeatureShape) -> NetworkWindow {
        NetworkWindow(height: shape.height, width: shape.width)
    }
}
