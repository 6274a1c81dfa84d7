import Datasets
import Foundation
import ModelFormats
import Tensors

/// An update that a user brings in a file: tensors under one name.
public struct NamedUpdate: Sendable {
    /// What its tensors' names have before the first `/`; the file's name for those without one.
    public let name: String
    /// The tensors, without that prefix: those of one dimension are vectors, all others are weights.
    public let layout: ParameterLayout
    /// All elements; every value is finite.
    public let values: [Float]

    /// Reads all updates of a `.npz` or `.safetensors` file, in the order in which their names first appear.
    ///
    /// - Throws: `NodeError.file` or `DatasetError`, each with the file's path.
    public static func load(_ path: String) throws -> [NamedUpdate] {
        switch URL(fileURLWithPath: path).pathExtension {
        case "npz": try group(NamedArray.load(npz: path).map { ($0.name, $0.shape, $0.values) }, path)
        case "safetensors": try group(tensors(safetensors: path), path)
        default: throw NodeError.file(path: path, cause: "a file of updates ends in .npz or .safetensors")
        }
    }

    private typealias Tensor = (name: String, shape: [Int], values: [Float])

    private static func tensors(safetensors path: String) throws(NodeError) -> [Tensor] {
        let bytes: Data
        do { bytes = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
            throw .file(path: path, cause: error.localizedDescription)
        }
        var tensors: [Tensor] = []
        do throws(ModelFormatError) {
            for tensor in try SafetensorsFile(decoding: Array(bytes)).tensors {
                tensors.append((tensor.name, tensor.shape.isEmpty ? [1] : tensor.shape, try tensor.convertedFloats()))
            }
        } catch {
            throw .file(path: path, cause: error.description)
        }
        for tensor in tensors {
            if let index = tensor.values.firstIndex(where: { !$0.isFinite }) {
                throw .file(path: path, cause: "value \(index) of '\(tensor.name)' is not a finite number")
            }
        }
        return tensors
    }

    private static func group(_ tensors: [Tensor], _ path: String) throws(NodeError) -> [NamedUpdate] {
        var order: [String?] = []
        var groups: [String?: [Tensor]] = [:]
        for tensor in tensors {
            let slash = tensor.name.firstIndex(of: "/")
            let prefix = slash.map { String(tensor.name[..<$0]) }
            let name = slash.map { String(tensor.name[tensor.name.index(after: $0)...]) } ?? tensor.name
            if groups[prefix] == nil { order.append(prefix) }
            groups[prefix, default: []].append((name, tensor.shape, tensor.values))
        }
        guard !order.isEmpty else { throw .file(path: path, cause: "the file holds no tensors") }
        var updates: [NamedUpdate] = []
        for prefix in order {
            let tensors = groups[prefix] ?? []
            let name = prefix ?? URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
            do throws(TensorError) {
                let layout = try ParameterLayout(
                    tensors.map { ($0.name, $0.shape, $0.shape.count > 1 ? .weight : .vector) })
                updates.append(NamedUpdate(name: name, layout: layout, values: tensors.flatMap(\.values)))
            } catch {
                throw .file(path: path, cause: "update '\(name)' is not accepted: \(error)")
            }
        }
        return updates
    }
}

extension SafetensorsTensor {
    /// The elements of any type as floats, rounded to nearest where a float cannot hold them.
    fileprivate func convertedFloats() throws(ModelFormatError) -> [Float] {
        switch dtype {
        case .float32: try floats()
        case .float16: halves.map { Float(Float16(bitPattern: $0)) }
        case .int8: try integers(as: Int8.self).map { Float($0) }
        case .int16: try integers(as: Int16.self).map { Float($0) }
        case .int32: try integers(as: Int32.self).map { Float($0) }
        case .int64: try integers(as: Int64.self).map { Float($0) }
        case .uint8: data.map { Float($0) }
        }
    }

    private var halves: [UInt16] {
        stride(from: 0, to: data.count - 1, by: 2).map { UInt16(data[$0]) | UInt16(data[$0 + 1]) << 8 }
    }
}
