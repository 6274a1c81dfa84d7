import Tensors

extension Trainer {
    /// Accuracy and loss on some samples of a set, all of them when `indices` is nil.
    ///
    /// - Throws: `.parameterCountMismatch`, `.nonFiniteParameter`, `.invalidSet`, `.indexOutOfRange`,
    ///   `.labelOutOfRange`, `.nonFiniteInput`. A NaN loss is not an error but the answer.
    public func evaluate(
        parameters: [Float], on set: TrainingSet, indices: [Int]? = nil
    ) throws(TrainingError) -> Evaluation {
        try evaluate(parameters: parameters, on: set, indices ?? Array(0..<set.sampleCount), through: nil)
    }

    func evaluate(
        parameters: [Float], on set: TrainingSet, _ chosen: [Int], through rounding: FakeQuantizedNetwork?
    ) throws(TrainingError) -> Evaluation {
        let classes = spec.classCount
        guard !chosen.isEmpty else { throw .invalidSet("there are no samples to evaluate") }
        var correct = 0
        var lossSum = 0.0
        try eachBatch(parameters: parameters, on: set, chosen, through: rounding) { slice, logits in
            for (row, index) in slice.enumerated() {
                let label = Int(set.labels[index])
                let (loss, winner) = CrossEntropy.loss(logits + row * classes, count: classes, label: label)
                lossSum += loss
                correct += winner == label ? 1 : 0
            }
        }
        return Evaluation(
            accuracy: Double(correct) / Double(chosen.count), loss: lossSum / Double(chosen.count),
            sampleCount: chosen.count)
    }

    /// Logits `[indices.count, classCount]`, row-major.
    ///
    /// - Throws: as `evaluate`.
    public func logits(
        parameters: [Float], on set: TrainingSet, indices: [Int]
    ) throws(TrainingError) -> [Float] {
        try collectLogits(parameters: parameters, on: set, indices, through: nil)
    }

    func collectLogits(
        parameters: [Float], on set: TrainingSet, _ indices: [Int], through rounding: FakeQuantizedNetwork?
    ) throws(TrainingError) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(indices.count * spec.classCount)
        try eachBatch(parameters: parameters, on: set, indices, through: rounding) { slice, logits in
            result.append(contentsOf: UnsafeBufferPointer(start: logits, count: slice.count * spec.classCount))
        }
        return result
    }

    /// Mean loss of one batch and its gradient, batch norm in training mode. Statistics that the batch updates are
    /// written to `parameters`, and have gradient 0.
    ///
    /// - Parameter indices: 1 to `maximumBatchSize` samples.
    /// - Throws: as `train`.
    public func gradient(
        parameters: inout [Float], on set: TrainingSet, indices: [Int]
    ) throws(TrainingError) -> (loss: Double, gradient: [Float]) {
        guard (1...maximumBatchSize).contains(indices.count) else {
            throw .invalidSet("a batch of \(indices.count) samples is not in 1 to \(maximumBatchSize)")
        }
        try load(parameters)
        try batch.check(set, indices)
        let sum = try measureGradient(set, indices[...])
        store(into: &parameters)
        return (
            sum / Double(indices.count),
            Array(UnsafeBufferPointer(start: gradients.pointer, count: layout.count))
        )
    }

    func eachBatch(
        parameters: [Float], on set: TrainingSet, _ indices: [Int], through rounding: FakeQuantizedNetwork?,
        _ body: (_ indices: ArraySlice<Int>, _ logits: UnsafePointer<Float>) -> Void
    ) throws(TrainingError) {
        try load(parameters)
        try batch.check(set, indices)
        let network = rounding?.network ?? network
        let values = rounding?.prepare(self.parameters.pointer) ?? self.parameters.pointer
        for first in stride(from: 0, to: indices.count, by: maximumBatchSize) {
            let slice = indices[first..<min(first + maximumBatchSize, indices.count)]
            try batch.gather(set, slice)
            let pass = Pass(
                parameters: values, gradients: gradients.pointer, batch: slice.count, isTraining: false)
            network.forward(pass, batch.inputs, logits.pointer)
            body(slice, logits.pointer)
        }
    }
}
