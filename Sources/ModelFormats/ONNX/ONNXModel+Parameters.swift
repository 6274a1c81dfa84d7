import Tensors
import Training

extension ONNXModel {
    /// The parameters of a model, from a float32 file of the same layers.
    ///
    /// Constants that carry the names of the layout are taken by name, as files of this project have them. Otherwise the
    /// operations that have constants are matched in order with the layers that have parameters, a missing bias is
    /// zero, and a dense layer's matrix may lie either way.
    ///
    /// - Returns: the flat vector of `spec`.
    /// - Throws: `ModelFormatError.missingTensor`, `.invalidTensor` with both shapes, or `.unsupported`.
    public func parameters(of spec: ModelSpec) throws(ModelFormatError) -> [Float] {
        let layers: [ResolvedLayer]
        do { layers = try spec.resolved() } catch { throw .unsupported("no such model: \(error)") }
        let wanted = layers.flatMap(\.allTensors)
        let byName = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
        var vector: [Float] = []
        if wanted.contains(where: { byName[$0.name] != nil }) {
            for tensor in wanted {
                guard let found = byName[tensor.name] else {
                    throw .missingTensor(name: tensor.name, cause: "the model has it, the file does not")
                }
                vector += try Self.checked(found, tensor)
            }
        } else {
            var rest = nodes.filter { Self.isTrained($0, byName) }[...]
            for layer in layers.flatMap(\.withTensors) {
                guard let node = rest.popFirst() else {
                    throw .missingTensor(
                        name: layer.tensors[0].name, cause: "the file has fewer layers with constants than the model")
                }
                vector += try Self.parameters(of: layer, in: node, byName)
            }
            guard rest.isEmpty else {
                throw .unsupported("the file has \(rest.count) more layers with constants than the model")
            }
        }
        guard vector.allSatisfy(\.isFinite) else { throw .unsupported("the file has parameters that are not finite") }
        return vector
    }

    private static let trainedOperations = ["Conv", "Gemm", "MatMul", "BatchNormalization"]

    private static func isTrained(_ node: ONNXNode, _ tensors: [String: ONNXTensor]) -> Bool {
        trainedOperations.contains(node.operation) && node.inputs.dropFirst().contains { tensors[$0] != nil }
    }

    private static func parameters(
        of layer: ResolvedLayer, in node: ONNXNode, _ tensors: [String: ONNXTensor]
    ) throws(ModelFormatError) -> [Float] {
        var expected: [String] = ["Conv"]
        if case .dense = layer.spec { expected = ["Gemm", "MatMul"] }
        if case .batchNorm = layer.spec { expected = ["BatchNormalization"] }
        guard expected.contains(node.operation) else {
            throw .unsupported("layer \(layer.path) meets an operation \(node.operation) in the file")
        }
        var vector: [Float] = []
        for (index, tensor) in layer.tensors.enumerated() {
            let name = node.inputs.indices.contains(index + 1) ? node.inputs[index + 1] : ""
            if name.isEmpty, index > 0, expected == ["Conv"] || expected[0] == "Gemm" {
                vector += [Float](repeating: 0, count: tensor.shape.reduce(1, *))
            } else if let found = tensors[name] {
                let isTransposed = expected[0] == "Gemm" && index == 0 && node.attributes["transB"] != .integer(1)
                vector += try checked(isTransposed ? transposed(found) : found, tensor)
            } else {
                throw .missingTensor(name: tensor.name, cause: "the operation \(node.operation) has no such constant")
            }
        }
        return vector
    }

    private static func transposed(_ tensor: ONNXTensor) throws(ModelFormatError) -> ONNXTensor {
        guard tensor.shape.count == 2 else { return tensor }
        let (rows, columns) = (tensor.shape[0], tensor.shape[1])
        let values = try tensor.floats()
        let turned = (0..<values.count).map { values[($0 % rows) * columns + $0 / rows] }
        return ONNXTensor(name: tensor.name, shape: [columns, rows], floats: turned)
    }

    private static func checked(_ found: ONNXTensor, _ wanted: ResolvedTensor) throws(ModelFormatError) -> [Float] {
        guard found.shape == wanted.shape else {
            throw .invalidTensor(
                name: found.name, cause: "has shape \(found.shape), but '\(wanted.name)' of the model \(wanted.shape)")
        }
        return try found.floats()
    }
}

extension ResolvedLayer {
    /// The layer and those inside it, without those that have no tensors of their own.
    fileprivate var withTensors: [ResolvedLayer] {
        (tensors.isEmpty ? [] : [self]) + body.flatMap(\.withTensors) + shortcut.flatMap(\.withTensors)
    }
}
