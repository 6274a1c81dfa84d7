import Federation
import Foundation
import ModelFormats
import Quantization
import Tensors
import Training
import UpdateCodec

/// The two files of a model: what devices run, and the float master behind it.
struct ModelFiles {
    private let int8: SafetensorsFile
    private let float32: SafetensorsFile

    /// Lays a stored version out as named tensors; scales are tensors named `<tensor>.scale`, one value per row.
    init(record: CoordinatorRecord, spec: ModelSpec) throws {
        let layout = try spec.layout()
        let lattice = try record.deliveredLattice(layout: layout)
        let metadata = [
            "format": "swiftlet-model-1", "version": "\(record.version)",
            "model": String(decoding: try spec.canonicalJSON(), as: UTF8.self),
        ]
        var floatMetadata = metadata
        if !record.activations.isEmpty { floatMetadata["activations"] = HistogramText.joined(record.activations) }
        float32 = SafetensorsFile(
            tensors: layout.entries.map { entry in
                SafetensorsTensor(name: entry.name, shape: entry.shape, values: Array(record.delivered[entry.range]))
            }, metadata: floatMetadata)
        var row = 0
        var tensors: [SafetensorsTensor] = []
        for entry in layout.entries {
            let values = lattice.values[entry.range]
            let scales = lattice.scaleCodes[row..<row + entry.rowCount].map(ScaleGrid.scale(code:))
            row += entry.rowCount
            let tensor =
                entry.kind == .weight
                ? SafetensorsTensor(
                    name: entry.name, shape: entry.shape, values: values.map(Int8.init(truncatingIfNeeded:)))
                : SafetensorsTensor(name: entry.name, shape: entry.shape, values: Array(values))
            tensors += [
                tensor, SafetensorsTensor(name: entry.name + ".scale", shape: [entry.rowCount], values: scales),
            ]
        }
        int8 = SafetensorsFile(tensors: tensors, metadata: metadata)
    }

    /// Writes `model.int8.safetensors` and `model.fp32.safetensors`, each whole or not at all.
    func write(into folder: URL) throws {
        for (name, file) in [("model.int8.safetensors", int8), ("model.fp32.safetensors", float32)] {
            let target = folder.appendingPathComponent(name)
            do { try Data(try file.encoded()).write(to: target, options: .atomic) } catch {
                throw NodeError.file(path: target.path, cause: error.localizedDescription)
            }
        }
    }
}
