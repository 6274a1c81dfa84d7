import Encryption
import Federation
import Foundation
import ModelFormats
import Quantization
import Tensors
import Training

/// Leaves the bundle of a model for a device: every file that a device, a phone or a person with Python needs.
public struct BundleExporter: Sendable {
    /// Vectors of input and output that a bundle holds unless more are asked for.
    public static let goldenCount = 32

    private let candidates: ModelCandidates
    private let labels: [String]
    private let golden: TrainingSet
    private let key: SigningKeyPair

    /// Prepares bundles of a model.
    ///
    /// - Parameters:
    ///   - labels: name of each class; numbers where there are none.
    ///   - golden: samples whose outputs come with the bundle.
    ///   - key: signs.
    public init(_ candidates: ModelCandidates, labels: [String], golden: TrainingSet, key: SigningKeyPair) {
        self.candidates = candidates
        self.labels = labels.isEmpty ? (0..<candidates.model.spec.classCount).map { "\($0)" } : labels
        self.golden = golden
        self.key = key
    }

    /// Writes the bundle of the form that fits best.
    ///
    /// - Parameters:
    ///   - traffic: what training sends over the device's link; nil leaves it out.
    ///   - count: golden vectors, at most as many as there are samples.
    /// - Returns: how the chosen form fits.
    /// - Throws: `NodeError.configuration` with the reasons where no form fits, `ModelFormatError`.
    public func write(
        for device: LinkedDevice, to folder: URL, traffic: TrainingTraffic?, count: Int = goldenCount
    ) throws -> FitReport {
        let reports = candidates.ranked(for: device, traffic: traffic)
        guard let best = reports.first, best.fits,
            let chosen = candidates.candidates.first(where: { $0.variant.name == best.variant })
        else {
            let reasons = reports.flatMap { report in report.reasons.map { "\(report.variant) \($0)" } }
            throw NodeError.configuration(
                "no form of the model fits \(device.name): \(reasons.joined(separator: "; "))")
        }
        let model = candidates.model
        var bundle = DeviceBundle(
            model: model.spec.name, version: model.version, modelHash: model.modelHash, profile: device.name)
        try addModels(chosen, to: &bundle)
        try addGolden(chosen, count: min(count, golden.sampleCount), to: &bundle)
        try bundle.add("labels.txt", text: labels.map { $0 + "\n" }.joined())
        try bundle.add("quant_params.json", text: QuantizationFile(chosen.network).json() + "\n")
        try bundle.add("fit.json", text: FitFile(chosen: best, candidates: reports).json() + "\n")
        let card = ModelCard(
            candidates: candidates, chosen: chosen, fit: best, device: device, labels: labels, files: bundle.files)
        try bundle.add("model-card.md", text: card.text)
        try bundle.write(to: folder, signedBy: key)
        return best
    }

    private func addModels(_ chosen: ModelCandidates.Candidate, to bundle: inout DeviceBundle) throws {
        let model = candidates.model
        if let tflite = chosen.tflite { try bundle.add("model.int8.tflite", tflite) }
        if let onnx = chosen.onnx { try bundle.add("model.int8.qdq.onnx", onnx) }
        try bundle.add("model.fp32.onnx", ONNXModel(spec: model.spec, parameters: model.parameters).encoded())
        let float = SafetensorsFile(
            tensors: try model.spec.layout().entries.map { entry in
                SafetensorsTensor(
                    name: entry.name, shape: entry.shape, values: Array(model.parameters[entry.range]))
            },
            metadata: [
                "format": "swiftlet-model-1", "version": "\(model.version)",
                "model": String(decoding: try model.spec.canonicalJSON(), as: UTF8.self),
            ])
        try bundle.add("model.safetensors", float.encoded())
        try bundle.add("model.image", chosen.image)
        let summary = "\(model.spec.name), version \(model.version), \(chosen.variant.name): model image of the runtime"
        try bundle.add("model.h", text: CHeader(symbol: "model_image", bytes: chosen.image, summary: summary).text)
    }

    private func addGolden(
        _ chosen: ModelCandidates.Candidate, count: Int, to bundle: inout DeviceBundle
    ) throws {
        let inference = try IntegerInference(chosen.network)
        var outputs: [Int8] = []
        for index in 0..<count { outputs += inference.outputs(golden.sample(index)) }
        let spec = candidates.model.spec
        let inputs = Array(golden.inputs[..<(count * golden.elementCount)])
        try bundle.add("golden_inputs.npy", NPYFile.float32(inputs, shape: [count] + spec.inputShape))
        try bundle.add("golden_outputs.npy", NPYFile.int8(outputs, shape: [count, spec.classCount]))
    }
}
