import Federation
import ModelFormats
import Quantization
import Tensors
import Training

/// The integer forms of a model that a device may get, measured.
public struct ModelCandidates: Sendable {
    /// One form.
    struct Candidate: Sendable {
        let network: QuantizedNetwork
        let image: [UInt8]
        /// nil where LiteRT's format cannot express it.
        let tflite: [UInt8]?
        /// With activations of 8 bits before and behind the rounding; nil where some have 16.
        let onnx: [UInt8]?
        let variant: ModelVariant
    }

    /// Samples of the coordinator that ranges are taken from at most.
    static let calibrationCount = 256
    /// Samples that accuracy is measured on at most.
    static let accuracyCount = 2000

    let model: TrainedModel
    let candidates: [Candidate]
    /// Where the ranges come from, for people.
    let calibrationNote: String
    let accuracyCount: Int

    /// Accuracy, as a share, that 8 bits may cost on so many samples before activations of 16 bits are looked at: 0.3
    /// points, but at least four samples, for fewer say nothing.
    private static func tolerance(sampleCount: Int) -> Double { max(0.003, 4 / Double(sampleCount)) }

    /// Quantizes a model to int8, to int4 weights, and to int4 weights with first and last layer in int8; and, where int8
    /// costs too much accuracy, to int8 weights with 16 bits for the activations that need them most.
    ///
    /// - Parameters:
    ///   - tolerance: loss of accuracy, as a share, below which int8 does; nil takes 0.3 points, or four samples where those
    ///     are more.
    ///   - calibration: samples that activations are measured on where clients sent none; labels are not used.
    ///   - test: samples that accuracy is measured on; nil leaves it unknown.
    /// - Throws: `TrainingError` where the model cannot be lowered, `ModelFormatError`, `NodeError`.
    public init(
        _ model: TrainedModel, labels: [String], calibration: TrainingSet, test: TrainingSet?, seed: Seed,
        tolerance: Double? = nil
    ) throws {
        self.model = model
        let float = try model.spec.lowered(model.parameters, labels: labels)
        let ranges: [ActivationRange]
        let chosen = Self.draw(Self.calibrationCount, of: calibration, seed: seed)
        if model.activations.isEmpty {
            let shape = float.tensors[float.input].shape
            ranges = try float.activationRanges(
                over: chosen.map { FloatNetworkRunner.channelsLast(calibration.sample($0), shape) })
            calibrationNote = "\(chosen.count) samples of the coordinator"
        } else {
            ranges = try float.tensorRanges(ofPoints: model.activations.map { $0.range(.leastSquares) })
            calibrationNote = "histograms of \(model.activations[0].total) input values that clients sent"
        }
        let measured = try test.map { try Self.subset($0, Self.draw(Self.accuracyCount, of: $0, seed: seed)) }
        accuracyCount = measured?.sampleCount ?? 0
        let filters = float.nodes.indices.filter { float.nodes[$0].operation.filter != nil }
        let ends = [filters.first, filters.last]
        let widths: [(name: String, bits: (Int) -> Int)] = [
            ("int8", { _ in 8 }), ("int4-int8", { ends.contains($0) ? 8 : 4 }), ("int4", { _ in 4 }),
        ]
        var candidates = try widths.map { width in
            let network = try float.quantized(ranges: ranges, weightBits: width.bits)
            return try Self.candidate(width.name, network, measured)
        }
        if let measured, let narrow = candidates[0].variant.accuracy {
            let search = WideActivations(model: model, labels: labels, calibration: calibration, indices: chosen)
            let tolerance = tolerance ?? Self.tolerance(sampleCount: measured.sampleCount)
            if let network = try search.network(test: measured, narrow: narrow, tolerance: tolerance) {
                candidates.append(try Self.candidate("int8-int16", network, measured))
            }
        }
        self.candidates = candidates
    }

    private static func candidate(
        _ name: String, _ network: QuantizedNetwork, _ test: TrainingSet?
    ) throws -> Candidate {
        let inference = try IntegerInference(network)
        let image = inference.image
        let tflite = try? TFLiteFile(network).bytes
        let cost = ModelCost(network, flashByteCount: image.count, arenaByteCount: inference.arenaByteCount)
        return Candidate(
            network: network, image: image, tflite: tflite,
            onnx: network.tensors.contains { $0.bits == 16 } ? nil : try ONNXModel(network: network).encoded(),
            variant: ModelVariant(
                name: name, cost: cost, downloadByteCount: image.count,
                accuracy: test.flatMap { inference.accuracy(on: $0) }))
    }

    /// Some samples of a set, by the seed, in order.
    private static func draw(_ count: Int, of set: TrainingSet, seed: Seed) -> [Int] {
        guard set.sampleCount > count else { return Array(0..<set.sampleCount) }
        var random = SeededRandom(seed.derived("export", set.sampleCount))
        var all = Array(0..<set.sampleCount)
        random.shuffle(&all)
        return all[..<count].sorted()
    }

    private static func subset(_ set: TrainingSet, _ indices: [Int]) throws -> TrainingSet {
        try TrainingSet(
            inputs: indices.flatMap { set.sample($0) }, labels: indices.map { set.labels[$0] },
            elementCount: set.elementCount)
    }

    /// How the forms fit a device, the best first.
    public func ranked(
        for device: LinkedDevice, traffic: TrainingTraffic?, limits: FitLimits = FitLimits()
    ) -> [FitReport] {
        DeviceFitter(device: device.device, radio: device.radio, limits: limits)
            .ranked(candidates.map(\.variant), traffic: traffic)
    }
}
