import Quantization
import Tensors

extension ModelSpec {
    /// The model in integers, as `quantization` has it: what a device runs after calibration or quantization-aware training.
    ///
    /// - Parameters:
    ///   - parameters: the flat vector of this model.
    ///   - quantization: ranges of all `quantizationPoints()`, activations of 8 bits, weights of 8 or 4.
    ///   - labels: names of the classes; empty, or `classCount` many.
    /// - Throws: as `lowered`; `.invalidQuantization` where the quantization does not fit or has no integer form.
    public func quantized(
        _ parameters: [Float], _ quantization: FakeQuantization, labels: [String] = []
    ) throws(TrainingError) -> QuantizedNetwork {
        try quantization.validate()
        guard quantization.activationBits == 8 else {
            throw .invalidQuantization("integer models have activations of 8 bits, not \(quantization.activationBits)")
        }
        let widths = try quantization.bits(of: try layout())
        guard widths.allSatisfy({ $0 == 8 || $0 == 4 }) else {
            throw .invalidQuantization("integer models have weights of 8 or 4 bits, not \(widths)")
        }
        let network = try lowered(parameters, labels: labels)
        let points = network.pointNodes
        guard quantization.ranges.count == points.count + 1 else {
            throw .invalidQuantization("\(quantization.ranges.count) activation ranges for \(points.count + 1) points")
        }
        var ranges = [ActivationRange](
            repeating: ActivationRange(low: 0, high: 0), count: network.tensors.count)
        ranges[network.input] = quantization.ranges[0]
        var bits: [Int: Int] = [:]
        var rest = widths.makeIterator()
        for (position, layer) in try resolved().pointLayers.enumerated() {
            let node = points[position]
            ranges[network.nodes[node].output] = quantization.ranges[position + 1]
            if layer.spec.withBias != nil { bits[node] = rest.next() }
        }
        return try network.quantized(ranges: ranges) { bits[$0] ?? 8 }
    }
}

extension FloatNetwork {
    /// The nodes whose outputs have a quantization of their own, in the order of `ModelSpec.quantizationPoints()`.
    fileprivate var pointNodes: [Int] {
        nodes.indices.filter { index in
            switch nodes[index].operation {
            case .convolution, .depthwiseConvolution, .dense, .add: true
            case .maxPool, .averagePool, .globalAveragePool, .reshape, .softmax: false
            }
        }
    }
}
