import Tensors

/// Collects the samples of a batch in the memory order of the network, channels innermost.
final class BatchGatherer {
    private let channels: Int
    private let positions: Int
    private let classCount: Int
    /// Number of token ids, where the inputs are such.
    private let vocabulary: Int?
    private let buffer: FloatBuffer

    var inputs: UnsafePointer<Float> { UnsafePointer(buffer.pointer) }

    init(spec: ModelSpec, capacity: Int) {
        let count = spec.inputShape.reduce(1, *)
        channels = spec.inputShape.count == 1 ? 1 : spec.inputShape[0]
        positions = count / channels
        classCount = spec.classCount
        if case .embedding(let vocabulary, _) = spec.layers.first {
            self.vocabulary = vocabulary
        } else {
            vocabulary = nil
        }
        buffer = FloatBuffer(count: capacity * count)
    }

    /// Checks shapes, indices and labels before any work is done.
    func check(_ set: TrainingSet, _ indices: [Int]) throws(TrainingError) {
        guard set.elementCount == channels * positions else {
            throw .invalidSet(
                "samples have \(set.elementCount) elements, the model takes \(channels * positions)")
        }
        for index in indices {
            guard set.labels.indices.contains(index) else {
                throw .indexOutOfRange(index: index, sampleCount: set.sampleCount)
            }
            let label = set.labels[index]
            guard (0..<classCount).contains(Int(label)) else {
                throw .labelOutOfRange(label: label, sample: index, classCount: classCount)
            }
        }
    }

    /// Copies checked samples into `inputs`.
    func gather(_ set: TrainingSet, _ indices: ArraySlice<Int>) throws(TrainingError) {
        let count = channels * positions
        let faulty: TrainingError? = set.inputs.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return nil }
            for (row, index) in indices.enumerated() {
                let sample = base + index * count
                let target = buffer.pointer + row * count
                if channels == 1 {
                    target.update(from: sample, count: count)
                } else {
                    Rows.transpose(sample, rows: channels, columns: positions, into: target)
                }
                if !FiniteCheck.isFinite(target, count: count) { return .nonFiniteInput(sample: index) }
                if let fault = tokenFault(target, count, sample: index) { return fault }
            }
            return nil
        }
        if let faulty { throw faulty }
    }

    private func tokenFault(_ values: UnsafePointer<Float>, _ count: Int, sample: Int) -> TrainingError? {
        guard let vocabulary else { return nil }
        for i in 0..<count where values[i] != values[i].rounded() || values[i] < 0 || values[i] >= Float(vocabulary) {
            return .tokenOutOfRange(token: values[i], sample: sample, vocabulary: vocabulary)
        }
        return nil
    }
}
