import Quantization
import Tensors

/// A network with a rounding operation at every quantization point, and the rounded copy of the parameters that it
/// computes with.
final class FakeQuantizedNetwork {
    let network: SequentialOperation
    private let points: [ActivationPointOperation]
    private let layout: ParameterLayout
    private let rounded: FloatBuffer
    private var bits: [Int] = []

    init(spec: ModelSpec, layout: ParameterLayout, capacity: Int) throws(TrainingError) {
        let probe = PointProbe()
        network = NetworkCompiler(layout: layout, capacity: capacity, probe: probe)
            .compile(try spec.resolved(), inputShape: spec.inputShape, isWhole: true)
        var points: [ActivationPointOperation] = []
        for point in try spec.quantizationPoints() {
            guard let operation = probe.operations[point.path] else {
                preconditionFailure("the network has no operation at \(point.path)")
            }
            points.append(operation)
        }
        self.points = points
        self.layout = layout
        rounded = FloatBuffer(count: layout.count)
    }

    /// What the points ended up with.
    var ranges: [ActivationRange] { points.map(\.range) }
    /// What the points have seen since `observe`.
    var histograms: [ActivationHistogram] { points.map(\.histogram) }

    /// Rounds from now on.
    ///
    /// - Throws: `.invalidQuantization` where the settings do not fit the model.
    func round(_ quantization: FakeQuantization, isTraining: Bool) throws(TrainingError) {
        try quantization.validate()
        bits = try quantization.bits(of: layout)
        let ranges = quantization.ranges
        let mayMeasure = isTraining && quantization.rangeRule != .fixed
        guard ranges.count == points.count || ranges.isEmpty && mayMeasure else {
            throw .invalidQuantization("\(ranges.count) activation ranges; the model needs \(points.count)")
        }
        let widths = try quantization.activationBits(pointCount: points.count)
        for (index, point) in points.enumerated() {
            point.mode = .rounding(bits: widths[index], rule: quantization.rangeRule)
            point.begin(ranges.isEmpty ? nil : ranges[index])
        }
    }

    /// Counts from now on, in float.
    func observe() {
        bits = []
        for point in points {
            point.mode = .observing
            point.histogram = ActivationHistogram()
        }
    }

    /// A copy of the parameters with rounded weights; the parameters themselves where nothing is rounded.
    func prepare(_ parameters: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Float> {
        guard !bits.isEmpty else { return parameters }
        rounded.pointer.update(from: parameters, count: layout.count)
        var widths = bits.makeIterator()
        for entry in layout.entries where entry.kind == .weight {
            guard let width = widths.next() else { break }
            for row in 0..<entry.rowCount {
                let start = rounded.pointer + entry.offset + row * entry.columnCount
                WeightGrid.round(UnsafeMutableBufferPointer(start: start, count: entry.columnCount), bits: width)
            }
        }
        return rounded.pointer
    }

    /// Brings running statistics back from the copy that a training pass worked on.
    func takeStatistics(into parameters: UnsafeMutablePointer<Float>) {
        guard !bits.isEmpty else { return }
        for entry in layout.entries where entry.kind == .statistic {
            (parameters + entry.offset).update(from: rounded.pointer + entry.offset, count: entry.count)
        }
    }

    func stepRanges(learningRate: Float) {
        for point in points { point.stepRange(learningRate: learningRate) }
    }
}

/// Puts an `ActivationPointOperation` at every quantization point.
private final class PointProbe: NetworkProbe {
    var operations: [String: ActivationPointOperation] = [:]

    func input(shape: [Int]) -> (any Operation)? { make(QuantizationPoint.inputPath, count: shape.reduce(1, *)) }

    func output(of layer: ResolvedLayer, count: Int) -> (any Operation)? { make(layer.path, count: count) }

    private func make(_ path: String, count: Int) -> ActivationPointOperation {
        let operation = ActivationPointOperation(count: count)
        operations[path] = operation
        return operation
    }
}
