import Quantization
import Tensors

extension ModelSpec {
    /// The model in integers, as `quantization` has it: what a device runs after calibration or quantization-aware training.
    ///
    /// - Parameters:
    ///   - parameters: the flat vector of this model.
    ///   - quantization: ranges of all `quantizationPoints()`, activations of 8 or 16 bits, weights of 8 or 4.
    ///   - labels: names of the classes; empty, or `classCount` many.
    /// - Throws: as `lowered`; `.invalidQuantization` where the quantization does not fit or has no integer form.
    public func quantized(
        _ parameters: [Float], _ quantization: FakeQuantization, labels: [String] = []
    ) throws(TrainingError) -> QuantizedNetwork {
        try quantization.validate()
        let widths = try quantization.bits(of: try layout())
        guard widths.allSatisfy({ $0 == 8 || $0 == 4 }) else {
            throw .invalidQuantization("integer models have weights of 8 or 4 bits, not \(widths)")
        }
        let network = try lowered(parameters, labels: labels)
        let ranges = try network.tensorRanges(ofPoints: quantization.ranges)
        let points = network.pointNodes
        var bits: [Int: Int] = [:]
        var rest = widths.makeIterator()
        for (position, layer) in try resolved().pointLayers.enumerated() where layer.spec.withBias != nil {
            bits[points[position]] = rest.next()
        }
        let activations = try network.tensorWidths(
            ofPoints: quantization.activationBits(pointCount: quantization.ranges.count))
        return try network.quantized(ranges: ranges) {
            bits[$0] ?? 8
        } activationBits: {
            activations[$0]
        }
    }
}

extension FloatNetwork {
    /// Ranges of all tensors, in the order of `tensors`, from those of the quantization points; tensors behind pools and
    /// reshapes, whose ranges do not count, get empty ones.
    ///
    /// - Parameter points: one per `ModelSpec.quantizationPoints()` of the model that was lowered.
    /// - Throws: `TrainingError.invalidQuantization` for another number of ranges.
    public func tensorRanges(ofPoints points: [ActivationRange]) throws(TrainingError) -> [ActivationRange] {
        let nodes = pointNodes
        guard points.count == nodes.count + 1 else {
            throw .invalidQuantization("\(points.count) activation ranges for \(nodes.count + 1) points")
        }
        var ranges = [ActivationRange](repeating: ActivationRange(low: 0, high: 0), count: tensors.count)
        ranges[input] = points[0]
        for (node, range) in zip(nodes, points[1...]) { ranges[self.nodes[node].output] = range }
        return ranges
    }

    /// Widths of all tensors from those of the quantization points; where they do not count, 8.
    fileprivate func tensorWidths(ofPoints points: [Int]) throws(TrainingError) -> [Int] {
        let nodes = pointNodes
        guard points.count == nodes.count + 1 else {
            throw .invalidQuantization("widths of \(points.count) activations for \(nodes.count + 1) points")
        }
        var widths = [Int](repeating: 8, count: tensors.count)
        widths[input] = points[0]
        for (node, bits) in zip(nodes, points[1...]) { widths[self.nodes[node].output] = bits }
        return widths
    }

    /// The nodes whose outputs have a quantization of their own, in the order of `ModelSpec.quantizationPoints()`.
    fileprivate var pointNodes: [Int] {
        nodes.indices.filter { nodes[$0].operation.hasOwnQuantization }
    }
}
