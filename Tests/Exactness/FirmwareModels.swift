import Datasets
import Foundation
import IntegerRuntime
import ModelFormats
import Tensors
import Training

/// The models of Deploy/Firmware: from seeds alone, so that they need no data set and are always the same.
enum FirmwareModels {
    /// Writes `sequence`, `picture` and `separable`, each as an image and as golden vectors: an input and its output, one
    /// pair behind the other, all int8.
    static func write(to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let gestures = try GestureGenerator(GestureSettings(), seed: Seed(1))
        let windows = try gestures.testWindows()
        let sequence = try ModelSpec.builtIn(
            "cnn1d-gestures", inputShape: windows.inputShape, classCount: windows.classCount)
        let samples = (0..<8).map { Array(windows.inputs[$0 * windows.inputCount..<($0 + 1) * windows.inputCount]) }
        try write("sequence", sequence, samples, to: folder)
        try write(
            "picture", ModelSpec.builtIn("cnn-28x28", inputShape: [1, 28, 28], classCount: 10), noise(784), to: folder)
        try write(
            "separable", ModelSpec.builtIn("dscnn", inputShape: [1, 28, 28], classCount: 10), noise(784), to: folder)
    }

    private static func noise(_ count: Int) -> [[Float]] {
        var random = SeededRandom(Seed(11))
        return (0..<4).map { _ in (0..<count).map { _ in 2 * random.unitFloat() - 1 } }
    }

    private static func write(_ name: String, _ spec: ModelSpec, _ samples: [[Float]], to folder: URL) throws {
        let network = try spec.lowered(try spec.initialParameters(seed: Seed(2)))
        let runner = FloatNetworkRunner(network)
        let inputs = samples.map { runner.channelsLast($0[...]) }
        let quantized = try network.quantized(ranges: network.activationRanges(over: inputs))
        let image = try ModelImageWriter(profile: .tflm).image(of: quantized)
        let model = try IntegerModel(image)
        var golden: [Int8] = []
        for input in inputs.map(model.quantize) { golden += input + (try model.run(input)) }
        try Data(image).write(to: folder.appendingPathComponent("\(name).image"))
        try golden.withUnsafeBytes { Data($0) }.write(to: folder.appendingPathComponent("\(name).golden"))
    }
}
