import ArgumentParser
import Datasets
import Foundation
import IntegerRuntime
import ModelFormats
import Tensors
import Training

/// Trains and quantizes the built-in convolutional models, and writes what a comparison with other runtimes needs.
@main
struct Exactness: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swiftlet-exactness",
        abstract: "Write models, inputs and every layer's int8 outputs for a comparison with other runtimes.",
        discussion: """
            Per case DIR/<case>/: model.int8.tflite, model.fp32.tflite, model.<profile>.image, inputs.npy, layers.<profile>.npy
            with what every operation wrote, and model.int8.qdq.onnx where all activations have 8 bits; in cases of the
            name -16x8 all have 16, in -mixed some. Tests/Exactness/compare.py reads them.
            """)

    @Option(help: "Folder for the results.", completion: .directory)
    var out = "out/exactness"

    @Option(help: "Folder of the data sets. Default: the environment variable SWIFTLET_DATA.", completion: .directory)
    var data: String?

    @Option(help: "Test samples per case; 0 takes all.")
    var count = 1000

    @Option(name: .customLong("case"), help: "Run just this case; may be given several times.")
    var cases: [String] = []

    @Option(help: "Divide the training effort by this; exactness does not depend on it.")
    var haste = 1

    @Flag(help: "Run the kernels of devices too, and count the integers that the vector kernels write otherwise.")
    var plain = false

    @Flag(help: "Print the names of all cases and stop.")
    var list = false

    @Option(help: "Write the models of Deploy/Firmware to this folder and stop.", completion: .directory)
    var firmware: String?

    @Option(help: "Time this model image, print microseconds per inference (best and median of rounds), and stop.")
    var time: String?

    func run() throws {
        if let time {
            try Self.measure([UInt8](Data(contentsOf: URL(fileURLWithPath: time))))
            return
        }
        if let firmware {
            try FirmwareModels.write(to: URL(fileURLWithPath: firmware, isDirectory: true))
            return
        }
        if list {
            print(ExactnessCase.all.map(\.name).joined(separator: " "))
            return
        }
        let root = (data ?? ProcessInfo.processInfo.environment["SWIFTLET_DATA"]).map {
            URL(fileURLWithPath: $0, isDirectory: true)
        }
        for item in ExactnessCase.all where cases.isEmpty || cases.contains(item.name) {
            if root == nil, item.dataset != "gestures" {
                print("\(item.name): left out, no SWIFTLET_DATA")
                continue
            }
            try item.write(to: URL(fileURLWithPath: out), root: root, count: count, haste: max(1, haste), plain: plain)
        }
    }

    /// Twenty rounds of 200 inferences, as the peers of Benchmarks/inference_peer.py are measured.
    private static func measure(_ image: [UInt8]) throws {
        let model = try IntegerModel(image)
        let sample = [Int8](repeating: 5, count: model.inputCount)
        var rounds: [Double] = []
        for _ in 0..<20 {
            let begin = ContinuousClock.now
            for _ in 0..<200 { _ = try model.run(sample) }
            rounds.append((ContinuousClock.now - begin) / .microseconds(200))
        }
        rounds.sort()
        print(String(format: "%.2f %.2f", rounds[0], rounds[rounds.count / 2]))
    }
}
