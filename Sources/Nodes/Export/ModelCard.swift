import Federation
import Foundation
import ModelFormats
import Training

/// What a person should know about an exported model, in Markdown; every figure is measured or says that it is not.
struct ModelCard {
    let candidates: ModelCandidates
    let chosen: ModelCandidates.Candidate
    let fit: FitReport
    let device: LinkedDevice
    let labels: [String]
    let files: [String: [UInt8]]

    var text: String {
        let model = candidates.model
        return (heading(model) + numbers + forms + usage + [""]).joined(separator: "\n")
    }

    private func heading(_ model: TrainedModel) -> [String] {
        [
            "# \(model.spec.name), version \(model.version)", "",
            "Trained by a federation whose clients kept their data; quantized and fitted to \(device.name) "
                + "(\(device.device.summary)).", "",
            "- input: \(model.spec.inputShape.map { "\($0)" }.joined(separator: "×")), channels first in ONNX, "
                + "channels last in TFLite; scaled as the federation's data were",
            "- classes: \(labels.joined(separator: ", "))",
            "- parameters: \(model.parameters.count) in training, \(fit.parameters) with batch norm folded",
            "- model hash: \(model.modelHash.isEmpty ? "not known" : model.modelHash)", "",
        ]
    }

    private var numbers: [String] {
        var lines = [
            "## On the device", "", "| figure | value |", "| --- | --- |", "| form | \(fit.variant) |",
            "| flash, with \(fit.runtimeBytes) bytes of runtime | \(fit.flashBytes) of \(fit.flashAvailableBytes) bytes |",
            "| working memory | \(fit.arenaBytes) of \(fit.arenaAvailableBytes) bytes |",
            "| multiply-accumulates | \(fit.macs) |",
            "| time of an inference, estimated | \(Self.number(fit.inferenceMilliseconds)) ms |",
            "| energy of an inference, estimated | \(Self.number(fit.inferenceMillijoules)) mJ |",
        ]
        if let delivery = fit.delivery, let radio = fit.radio {
            lines.append(
                "| delivery over \(radio), estimated | \(Self.number(delivery.airtimeSeconds)) s in the air, "
                    + "\(Self.number(delivery.millijoules)) mJ, \(Self.number(delivery.days)) days |")
        }
        return lines + [""]
    }

    private var forms: [String] {
        let measured =
            candidates.accuracyCount > 0
            ? "Accuracy of the integer runtime on \(candidates.accuracyCount) test samples."
            : "Accuracy was not measured: there were no test data."
        var lines = [
            "## Forms", "", "\(measured) Activation ranges come from \(candidates.calibrationNote).", "",
            "| form | bytes | accuracy |", "| --- | --- | --- |",
        ]
        for candidate in candidates.candidates {
            let accuracy = candidate.variant.accuracy.map { Self.number($0 * 100) + " %" } ?? "not measured"
            lines.append("| \(candidate.variant.name) | \(candidate.image.count) | \(accuracy) |")
        }
        return lines + [""]
    }

    private var usage: [String] {
        var lines = ["## Files", "", "| file | bytes |", "| --- | --- |"]
        for (name, content) in files.sorted(by: { $0.key < $1.key }) { lines.append("| \(name) | \(content.count) |") }
        if chosen.onnx != nil {
            lines += [
                "", "```python", "import numpy, onnxruntime", "x = numpy.load('golden_inputs.npy')",
                "print(onnxruntime.InferenceSession('model.int8.qdq.onnx').run(None, {'input': x})[0].argmax(1))",
                "```",
            ]
        }
        return lines + [
            "",
            "`golden_outputs.npy` holds the integers that the device's runtime yields for `golden_inputs.npy`; "
                + "`bundle.json` names every file by its hash, `bundle.sig` signs it.",
        ]
    }

    private static func number(_ value: Double) -> String { String(format: "%.4g", value) }
}
