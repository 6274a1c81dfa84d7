import Datasets
import Foundation
import IntegerRuntime
import ModelFormats
import Quantization
import Tensors
import Training

/// The models of Deploy/Firmware: from seeds alone, so that they need no data set and are always the same. Together they
/// have every kernel of a device run.
enum FirmwareModels {
    /// How a model becomes integers.
    private struct Form {
        var weightBits = 8
        var widths = ExactnessCase.Widths.int8
        var hasSoftmax = false
    }

    /// Writes each model as an image and as golden vectors: an input and its output as they stand in memory, one pair behind
    /// the other. `sequence`, `picture`, `separable` and `residual` are int8, `packed` has int4 weights; those whose names
    /// begin with `wide-` or `mixed-` have activations of 16 bits, all or some.
    static func write(to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let gestures = try GestureGenerator(GestureSettings(), seed: Seed(1))
        let windows = try gestures.testWindows()
        let sequence = try ModelSpec.builtIn(
            "cnn1d-gestures", inputShape: windows.inputShape, classCount: windows.classCount)
        let samples = (0..<8).map { Array(windows.inputs[$0 * windows.inputCount..<($0 + 1) * windows.inputCount]) }
        try write("sequence", sequence, samples, Form(), to: folder)
        try write("mixed-sequence", sequence, samples, Form(widths: .mixed), to: folder)
        for (model, name, side) in [
            ("cnn-28x28", "picture", 28), ("dscnn", "separable", 28), ("resnet8", "residual", 12),
        ] {
            try write(name, picture(model, side: side), noise(side * side), Form(), to: folder)
        }
        for (model, name) in [("cnn-28x28", "picture"), ("dscnn", "separable"), ("resnet8", "residual")] {
            try write("wide-\(name)", picture(model, side: 14), noise(196), Form(widths: .int16), to: folder)
        }
        let packed = Form(weightBits: 4, hasSoftmax: true)
        try write("packed", picture("dscnn", side: 14), noise(196), packed, to: folder)
    }

    private static func picture(_ name: String, side: Int) throws -> ModelSpec {
        try ModelSpec.builtIn(name, inputShape: [1, side, side], classCount: 10)
    }

    private static func noise(_ count: Int) -> [[Float]] {
        var random = SeededRandom(Seed(11))
        return (0..<4).map { _ in (0..<count).map { _ in 2 * random.unitFloat() - 1 } }
    }

    private static func write(
        _ name: String, _ spec: ModelSpec, _ samples: [[Float]], _ form: Form, to folder: URL
    ) throws {
        var network = try spec.lowered(try spec.initialParameters(seed: Seed(2)))
        if form.hasSoftmax { network = try withSoftmax(network) }
        let runner = FloatNetworkRunner(network)
        let inputs = samples.map { runner.channelsLast($0[...]) }
        let quantized = try network.quantized(
            ranges: network.activationRanges(over: inputs), weightBits: { _ in form.weightBits },
            activationBits: { form.widths.bits($0, network) })
        let image = try ModelImageWriter(profile: .tflm).image(of: quantized)
        let model = try IntegerModel(image)
        var golden: [UInt8] = []
        for input in inputs.map(model.wideIntegers) {
            golden += IntegerArray.bytes(input, isWide: model.inputBits == 16)
            golden += IntegerArray.bytes(try model.runWide(input), isWide: model.outputBits == 16)
        }
        try Data(image).write(to: folder.appendingPathComponent("\(name).image"))
        try Data(golden).write(to: folder.appendingPathComponent("\(name).golden"))
    }

    private static func withSoftmax(_ network: FloatNetwork) throws -> FloatNetwork {
        let scores = FloatNetwork.Tensor(name: "softmax", shape: network.tensors[network.output].shape)
        let output = network.tensors.count
        let node = NetworkNode<FloatFilter>(
            name: "softmax", operation: .softmax, inputs: [network.output], output: output)
        return try FloatNetwork(
            name: network.name, tensors: network.tensors + [scores], nodes: network.nodes + [node],
            input: network.input, output: output)
    }
}
