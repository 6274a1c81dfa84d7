import Foundation
import Quantization
import Tensors

/// Runs a lowered network on single samples in float and shows every activation: what calibration and layer-by-layer
/// comparisons need.
public struct FloatNetworkRunner {
    /// The network.
    public let network: FloatNetwork
    private var windows: [Float] = []

    /// Makes a runner.
    public init(_ network: FloatNetwork) {
        BLAS.useOneThread()
        self.network = network
    }

    /// A sample in the memory order of the network, from the model's order, channels outermost.
    public func channelsLast(_ sample: ArraySlice<Float>) -> [Float] {
        let shape = network.tensors[network.input].shape
        return Self.channelsLast(sample, shape)
    }

    /// From `[C, H, W]` to `[H, W, C]`.
    public static func channelsLast(_ sample: ArraySlice<Float>, _ shape: FeatureShape) -> [Float] {
        let positions = shape.height * shape.width
        var result = [Float](repeating: 0, count: shape.count)
        for (index, value) in sample.enumerated() {
            result[index % positions * shape.channels + index / positions] = value
        }
        return result
    }

    /// All activations for one sample, in the order of the network's tensors.
    ///
    /// - Parameter sample: channels innermost, as `channelsLast` gives it.
    /// - Throws: `TrainingError.invalidSet` for another number of elements.
    public mutating func activations(_ sample: [Float]) throws(TrainingError) -> [[Float]] {
        let count = network.tensors[network.input].shape.count
        guard sample.count == count else {
            throw .invalidSet("a sample has \(sample.count) elements, the network takes \(count)")
        }
        var values = [[Float]](repeating: [], count: network.tensors.count)
        values[network.input] = sample
        for node in network.nodes {
            values[node.output] = run(node, values)
        }
        return values
    }

    private mutating func run(_ node: NetworkNode<FloatFilter>, _ values: [[Float]]) -> [Float] {
        let source = values[node.inputs[0]]
        let (input, output) = (network.tensors[node.inputs[0]].shape, network.tensors[node.output].shape)
        var result: [Float]
        switch node.operation {
        case .convolution(let filter, let window, _):
            gather(source, input, window, output)
            result = Self.multiply(windows, rows: output.height * output.width, filter, outputs: output.channels)
        case .depthwiseConvolution(let filter, let window, _):
            gather(source, input, window, output)
            result = Self.depthwise(windows, filter, output, taps: window.height * window.width)
        case .dense(let filter, _): result = Self.multiply(source, rows: 1, filter, outputs: output.channels)
        case .add: result = zip(source, values[node.inputs[1]]).map { $0 + $1 }
        case .maxPool(let window):
            gather(source, input, window, output)
            result = pooled(output, taps: window.height * window.width, start: -.infinity) { max($0, $1) }
        case .averagePool(let window):
            gather(source, input, window, output)
            let taps = window.height * window.width
            result = pooled(output, taps: taps, start: 0) { $0 + $1 }.map { $0 / Float(taps) }
        case .globalAveragePool:
            windows = source
            let taps = input.height * input.width
            result = pooled(output, taps: taps, start: 0) { $0 + $1 }.map { $0 / Float(taps) }
        case .reshape, .requantize: result = source
        case .softmax:
            let largest = source.reduce(-.infinity, max)
            let powers = source.map { exp($0 - largest) }
            let sum = powers.reduce(0, +)
            result = powers.map { $0 / sum }
        }
        Self.clamp(&result, node.operation.activation)
        return result
    }

    private static func clamp(_ values: inout [Float], _ activation: FusedActivation) {
        guard activation != .none else { return }
        for index in values.indices {
            let positive = max(values[index], 0)
            values[index] = activation == .relu6 ? min(positive, 6) : positive
        }
    }

    /// Lays out each window as a row `[height, width, channels]`; padding is 0.
    private mutating func gather(
        _ source: [Float], _ input: FeatureShape, _ window: NetworkWindow, _ output: FeatureShape
    ) {
        let depth = window.height * window.width * input.channels
        windows = [Float](repeating: 0, count: output.height * output.width * depth)
        var row = 0
        for y in 0..<output.height {
            for x in 0..<output.width {
                for ky in 0..<window.height {
                    let line = y * window.strideHeight - window.top + ky
                    guard (0..<input.height).contains(line) else { continue }
                    for kx in 0..<window.width {
                        let column = x * window.strideWidth - window.left + kx
                        guard (0..<input.width).contains(column) else { continue }
                        let from = (line * input.width + column) * input.channels
                        let to = row + (ky * window.width + kx) * input.channels
                        for channel in 0..<input.channels { windows[to + channel] = source[from + channel] }
                    }
                }
                row += depth
            }
        }
    }

    private static func multiply(_ windows: [Float], rows: Int, _ filter: FloatFilter, outputs: Int) -> [Float] {
        let depth = filter.shape.count / outputs
        var result = [Float](repeating: 0, count: rows * outputs)
        for index in result.indices { result[index] = filter.bias[index % outputs] }
        windows.withUnsafeBufferPointer { left in
            filter.values.withUnsafeBufferPointer { right in
                result.withUnsafeMutableBufferPointer { target in
                    guard let left = left.baseAddress, let right = right.baseAddress, let target = target.baseAddress
                    else { return }
                    BLAS.multiply(
                        rows: rows, columns: outputs, depth: depth, .init(left, stride: depth),
                        .init(right, stride: depth, transposed: true), keep: 1, into: target, resultStride: outputs)
                }
            }
        }
        return result
    }

    private static func depthwise(
        _ windows: [Float], _ filter: FloatFilter, _ output: FeatureShape, taps: Int
    ) -> [Float] {
        let channels = output.channels
        var result: [Float] = []
        result.reserveCapacity(output.count)
        for position in 0..<output.height * output.width {
            for channel in 0..<channels {
                var sum = filter.bias[channel]
                for tap in 0..<taps {
                    sum +=
                        windows[(position * taps + tap) * channels + channel] * filter.values[tap * channels + channel]
                }
                result.append(sum)
            }
        }
        return result
    }

    private func pooled(
        _ output: FeatureShape, taps: Int, start: Float, _ combine: (Float, Float) -> Float
    ) -> [Float] {
        let channels = output.channels
        var result = [Float](repeating: start, count: output.count)
        for index in result.indices {
            let (position, channel) = index.quotientAndRemainder(dividingBy: channels)
            for tap in 0..<taps {
                result[index] = combine(result[index], windows[(position * taps + tap) * channels + channel])
            }
        }
        return result
    }
}
