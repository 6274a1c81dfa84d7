import Encryption
import Federation
import Foundation
import Messages
import ModelFormats
import Quantization
import Tensors
import Training

/// A float model with what is known about it.
public struct TrainedModel: Sendable {
    /// The layers.
    public let spec: ModelSpec
    /// The flat vector of the float master.
    public let parameters: [Float]
    /// Version of the federation's model.
    public let version: Int
    /// Hash of the model as clients receive it, in hexadecimal; empty where it is not known.
    public let modelHash: String
    /// Activations of clients' samples, one histogram per quantization point; empty where clients sent none.
    public let activations: [ActivationHistogram]

    /// Puts a model together.
    public init(
        spec: ModelSpec, parameters: [Float], version: Int, modelHash: String, activations: [ActivationHistogram] = []
    ) {
        self.spec = spec
        self.parameters = parameters
        self.version = version
        self.modelHash = modelHash
        self.activations = activations
    }

    /// The stored version of a coordinator.
    ///
    /// - Throws: `NodeError.corrupt` where its activations cannot be read.
    public init(record: CoordinatorRecord, spec: ModelSpec) throws(NodeError) {
        self.init(
            spec: spec, parameters: record.delivered, version: Int(record.version), modelHash: record.modelHash.hex,
            activations: try HistogramText.histograms(record.activations))
    }

    /// Reads a `model.fp32.safetensors` of this project, which names its layers itself.
    ///
    /// - Throws: `NodeError.file` where it cannot be read, `.corrupt` where it is not such a file.
    public init(safetensors file: URL, modelHash: String = "") throws(NodeError) {
        let data: Data
        do { data = try Data(contentsOf: file) } catch {
            throw .file(path: file.path, cause: error.localizedDescription)
        }
        do {
            let content = try SafetensorsFile(decoding: [UInt8](data))
            guard let model = content.metadata["model"] else {
                throw NodeError.corrupt("the metadata do not name the model's layers")
            }
            spec = try JSONDecoder().decode(ModelSpec.self, from: Data(model.utf8))
            version = content.metadata["version"].flatMap { Int($0) } ?? 0
            var vector: [Float] = []
            for entry in try spec.layout().entries {
                guard let tensor = content[entry.name], tensor.shape == entry.shape else {
                    throw NodeError.corrupt("the tensor '\(entry.name)' is missing or has another shape")
                }
                vector += try tensor.floats()
            }
            parameters = vector
            activations = try HistogramText.histograms(content.metadata["activations"])
            self.modelHash = modelHash
        } catch {
            throw .corrupt("\(file.path) is no float model of this project: \(error)")
        }
    }
}
