import ArgumentParser
import Datasets
import Foundation
import IntegerRuntime
import ModelFormats
import Nodes

/// `swiftlet-client infer`.
struct Infer: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a model image in integers, exactly as a device does.",
        discussion: """
            Prints one line per sample: its number, the class, and the class's output. The input is a .npy array
            [samples, …] or a .csv file of one sample a line, in the order of the device, channels innermost: real numbers,
            which are quantized as the model says, or with --integers the model's own int8 values.
            """)

    @Option(help: "The model image.", completion: .file())
    var model: String

    @Option(help: "A .npy array or .csv file of samples.", completion: .file())
    var input: String

    @Option(help: "Names of the classes, one per line.", completion: .file())
    var labels: String?

    @Option(
        help: "Write what every operation yields to this .npy file: int8, or int16 where some are; one row per sample.",
        completion: .file())
    var layers: String?

    @Flag(help: "The input holds the model's integers.")
    var integers = false

    func run() throws {
        do {
            try infer()
        } catch {
            throw ExitCode(Console.exitCode(for: error))
        }
    }

    private func infer() throws {
        let model = try IntegerModel([UInt8](Data(contentsOf: URL(fileURLWithPath: model))))
        let isText = input.hasSuffix(".csv") || input.hasSuffix(".csv.gz")
        let array = isText ? try NamedArray.load(csv: input) : try NamedArray.load(npy: input)
        let names = try labels.map {
            try String(contentsOf: URL(fileURLWithPath: $0), encoding: .utf8).split(separator: "\n").map(String.init)
        }
        var rows: [UInt8] = []
        let count = array.values.count / model.inputCount
        guard count > 0, array.shape[0] == count || array.values.count == model.inputCount else {
            throw ModelFormatError.invalidTensor(
                name: input, cause: "\(array.shape) does not hold samples of \(model.inputCount) elements")
        }
        for index in 0..<count {
            let sample = Array(array.values[index * model.inputCount..<(index + 1) * model.inputCount])
            let quantized =
                integers
                ? sample.map { Int16(max(Float(Int16.min), min(Float(Int16.max), $0))) } : model.wideIntegers(sample)
            let all = layers == nil ? try model.runWide(quantized) : try model.layers(quantized)
            if layers != nil { rows += IntegerArray.bytes(all, isWide: model.hasWideLayers) }
            let output = all.suffix(model.outputCount)
            let largest = output.max() ?? 0
            let winner = (output.firstIndex(of: largest) ?? output.startIndex) - output.startIndex
            let name = names.flatMap { $0.indices.contains(winner) ? $0[winner] : nil } ?? "\(winner)"
            print("\(index)\t\(name)\t\(largest)")
        }
        if let layers {
            let header = IntegerArray.npyHeader(
                shape: [count, model.layerElementCount], isWide: model.hasWideLayers)
            try Data(header + rows).write(to: URL(fileURLWithPath: layers))
        }
    }
}
