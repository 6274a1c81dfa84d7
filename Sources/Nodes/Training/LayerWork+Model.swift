import Federation
import Tensors
import Training

extension ModelSpec {
    /// The layers with parameters, by what they ask of the device that trains them. Layers inside a residual block count
    /// as one: it is trained as a whole or not at all.
    ///
    /// - Throws: as `layout()`.
    public func layerWork() throws(TrainingError) -> [LayerWork] {
        let layout = try layout()
        var offsets: [String: Int] = [:]
        for entry in layout.entries { offsets[entry.name] = entry.offset }
        var work: [LayerWork] = []
        for layer in try resolved() {
            let activations = layer.inputShape.reduce(1, *)
            let tensors = layer.allTensors
            guard let first = tensors.first, let offset = offsets[first.name] else {
                if let last = work.indices.last { work[last].activationCount += activations }
                continue
            }
            work.append(
                LayerWork(
                    name: layer.path, firstParameter: offset,
                    parameterCount: tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }, macs: layer.macs,
                    activationCount: activations + layer.innerActivationCount))
        }
        return work
    }
}

extension ResolvedLayer {
    /// Products of one sample: each weight is used at every position of the output.
    fileprivate var macs: Int {
        let positions = outputShape.dropFirst().reduce(1, *)
        let own = tensors.reduce(0) { sum, tensor in
            tensor.kind == .weight ? sum + tensor.shape.reduce(1, *) * positions : sum
        }
        return own + (body + shortcut).reduce(0) { $0 + $1.macs }
    }

    /// What the layers inside a block leave in memory.
    fileprivate var innerActivationCount: Int {
        (body + shortcut).reduce(0) { $0 + $1.outputShape.reduce(1, *) + $1.innerActivationCount }
    }
}
