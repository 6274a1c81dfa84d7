import Datasets
import Foundation
import IntegerRuntime
import ModelFormats
import Quantization
import Tensors
import Training

/// A model and the data that it is trained, calibrated and compared on.
struct ExactnessCase {
    let name: String
    let model: String
    let dataset: String
    let epochs: Int
    let learningRate: Float
    /// Samples that training sees.
    let trainingCount: Int
    /// Whether a batch norm stands in front, which folds into the first layer.
    var isNormalized = false
    var widths = Widths.int8

    /// Which activations have 16 bits, not 8.
    enum Widths: String {
        case int8
        /// All.
        case int16 = "16x8"
        /// Every other one; those of input and output have 8.
        case mixed

        func bits(_ tensor: Int, _ network: FloatNetwork) -> Int {
            switch self {
            case .int8: 8
            case .int16: 16
            case .mixed: tensor != network.input && tensor != network.output && tensor % 2 == 1 ? 16 : 8
            }
        }
    }

    /// All cases with activations of 8 bits, and of 16 and both for each model.
    static let all =
        models
        + models.flatMap { item in
            guard item.dataset != "fashion-mnist" || item.model == "dscnn" else { return [ExactnessCase]() }
            return [Widths.int16, .mixed].map { item.with($0) }
        }

    private static let models = [
        ExactnessCase(
            name: "cnn-28x28-mnist", model: "cnn-28x28", dataset: "mnist", epochs: 2, learningRate: 0.01,
            trainingCount: 20_000),
        ExactnessCase(
            name: "cnn-28x28-fashion", model: "cnn-28x28", dataset: "fashion-mnist", epochs: 2, learningRate: 0.01,
            trainingCount: 20_000),
        ExactnessCase(
            name: "cnn1d-har", model: "cnn1d-har", dataset: "uci-har", epochs: 12, learningRate: 0.02,
            trainingCount: 10_000, isNormalized: true),
        ExactnessCase(
            name: "cnn-fedavg-mnist", model: "cnn-fedavg", dataset: "mnist", epochs: 1, learningRate: 0.02,
            trainingCount: 2000),
        ExactnessCase(
            name: "cnn1d-gestures", model: "cnn1d-gestures", dataset: "gestures", epochs: 2, learningRate: 0.02,
            trainingCount: 4000),
        ExactnessCase(
            name: "resnet8-mnist", model: "resnet8", dataset: "mnist", epochs: 1, learningRate: 0.02,
            trainingCount: 1000),
        ExactnessCase(
            name: "dscnn-fashion", model: "dscnn", dataset: "fashion-mnist", epochs: 1, learningRate: 0.02,
            trainingCount: 1000),
    ]

    private func with(_ widths: Widths) -> ExactnessCase {
        ExactnessCase(
            name: "\(name)-\(widths.rawValue)", model: model, dataset: dataset, epochs: epochs,
            learningRate: learningRate, trainingCount: trainingCount, isNormalized: isNormalized, widths: widths)
    }

    func write(to out: URL, root: URL?, count: Int, haste: Int, plain: Bool) throws {
        let pair = try DatasetSpec(name: dataset).load(dataRoot: root, clients: 24, seed: Seed(1))
        let spec = try specification(pair)
        let parameters = try train(spec, pair.train, haste: haste)
        let network = try spec.lowered(parameters)
        let ranges = try network.activationRanges(over: samples(pair.train, network, count: 300, spread: true))
        let quantized = try network.quantized(ranges: ranges, activationBits: { widths.bits($0, network) })
        let folder = out.appendingPathComponent(name, isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(TFLiteFile(quantized).bytes).write(to: folder.appendingPathComponent("model.int8.tflite"))
        try Data(TFLiteFile(network).bytes).write(to: folder.appendingPathComponent("model.fp32.tflite"))
        if widths == .int8 {
            try Data(ONNXModel(network: quantized).encoded())
                .write(to: folder.appendingPathComponent("model.int8.qdq.onnx"))
        }
        let test = samples(pair.test, network, count: count == 0 ? pair.test.sampleCount : count)
        var line = "\(name): \(parameters.count) parameters, \(test.count) samples, accuracy float "
        let set = try TrainingSet(
            inputs: pair.test.inputs, labels: pair.test.labels, elementCount: pair.test.inputCount)
        let evaluation = try Trainer(spec: spec, maximumBatchSize: 256)
            .evaluate(parameters: parameters, on: set, indices: Array(0..<test.count))
        line += Self.percent(evaluation.accuracy)
        for profile in RoundingProfile.allCases {
            let result = try write(quantized, profile, test, pair.test.labels, to: folder, plain: plain)
            line += ", \(profile.name) " + Self.percent(Double(result.correct) / Double(test.count))
            if plain { line += " (\(result.different) integers differ between kernels)" }
        }
        print(line)
    }

    private func specification(_ pair: DatasetPair) throws -> ModelSpec {
        var spec = try ModelSpec.builtIn(
            model, inputShape: pair.train.inputShape, classCount: pair.train.classCount)
        if isNormalized { spec.layers.insert(.batchNorm, at: 0) }
        return spec
    }

    private func train(_ spec: ModelSpec, _ data: Dataset, haste: Int) throws -> [Float] {
        var parameters = try spec.initialParameters(seed: Seed(7))
        let set = try TrainingSet(inputs: data.inputs, labels: data.labels, elementCount: data.inputCount)
        let count = min(trainingCount / haste, data.sampleCount)
        let plan = LocalTrainingPlan(
            epochs: max(1, epochs / haste), batchSize: 32, learningRate: learningRate, momentum: 0.9)
        var order = Array(0..<data.sampleCount)
        var random = SeededRandom(Seed(5))
        random.shuffle(&order)
        _ = try Trainer(spec: spec, maximumBatchSize: 32)
            .train(parameters: &parameters, on: set, indices: Array(order.prefix(count)), plan: plan, seed: Seed(3))
        return parameters
    }

    /// The first samples, or some that are spread over the whole set.
    private func samples(_ data: Dataset, _ network: FloatNetwork, count: Int, spread: Bool = false) -> [[Float]] {
        let runner = FloatNetworkRunner(network)
        let taken = min(count, data.sampleCount)
        let step = spread ? data.sampleCount / taken : 1
        return (0..<taken).map { index in
            let start = index * step * data.inputCount
            return runner.channelsLast(data.inputs[start..<start + data.inputCount])
        }
    }

    /// Writes image, inputs and layers; gives the number of correct answers, and of integers in which the vector kernels
    /// differ from the plain ones.
    private func write(
        _ network: QuantizedNetwork, _ profile: RoundingProfile, _ samples: [[Float]], _ labels: [Int32],
        to folder: URL, plain: Bool
    ) throws -> (correct: Int, different: Int) {
        let image = try ModelImageWriter(profile: profile).image(of: network)
        try Data(image).write(to: folder.appendingPathComponent("model.\(profile.name).image"))
        let model = try IntegerModel(image)
        let inputs = try ArrayWriter(
            folder.appendingPathComponent("inputs.npy"), shape: [samples.count, model.inputCount],
            isWide: model.inputBits == 16)
        let layers = try ArrayWriter(
            folder.appendingPathComponent("layers.\(profile.name).npy"),
            shape: [samples.count, model.layerElementCount], isWide: widths != .int8)
        var (correct, different) = (0, 0)
        for (index, sample) in samples.enumerated() {
            let input = model.wideIntegers(sample)
            let output = try model.layers(input)
            if plain {
                let expected = try model.layers(input, isPlain: true)
                for (integer, other) in zip(output, expected) where integer != other { different += 1 }
            }
            try inputs.append(input)
            try layers.append(output)
            let scores = output.suffix(model.outputCount)
            let winner = scores.firstIndex(of: scores.max() ?? 0).map { $0 - scores.startIndex } ?? 0
            correct += winner == Int(labels[index]) ? 1 : 0
        }
        try inputs.close()
        try layers.close()
        return (correct, different)
    }

    private static func percent(_ share: Double) -> String { String(format: "%.2f %%", 100 * share) }
}

extension DatasetSpec {
    fileprivate init(name: String) { self = name == "gestures" ? .gestures(GestureSettings()) : .named(name) }
}

/// An `.npy` file of int8 or int16 that grows row by row.
private final class ArrayWriter {
    private let handle: FileHandle
    private let isWide: Bool

    init(_ url: URL, shape: [Int], isWide: Bool) throws {
        self.isWide = isWide
        try Data(IntegerArray.npyHeader(shape: shape, isWide: isWide)).write(to: url)
        handle = try FileHandle(forWritingTo: url)
        try handle.seekToEnd()
    }

    func append(_ row: [Int16]) throws {
        try handle.write(contentsOf: IntegerArray.bytes(row, isWide: isWide))
    }

    func close() throws { try handle.close() }
}
