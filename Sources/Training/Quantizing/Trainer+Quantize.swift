import Quantization
import Tensors

extension Trainer {
    /// Counts the activations of some samples at every quantization point, batch norm with its running statistics.
    ///
    /// - Returns: one histogram per `ModelSpec.quantizationPoints()`.
    /// - Throws: as `evaluate`.
    public func calibrate(
        parameters: [Float], on set: TrainingSet, indices: [Int]? = nil
    ) throws(TrainingError) -> [ActivationHistogram] {
        let network = try roundingNetwork()
        network.observe()
        try eachBatch(
            parameters: parameters, on: set, indices ?? Array(0..<set.sampleCount), through: network
        ) { _, _ in }
        return network.histograms
    }

    /// Accuracy and loss of the quantized model on some samples, all of them when `indices` is nil, in float arithmetic
    /// with rounded weights and activations; an integer runtime differs in the last step here and there.
    ///
    /// - Throws: as `evaluate`; `.invalidQuantization` where bits or ranges do not fit the model.
    public func evaluate(
        parameters: [Float], quantization: FakeQuantization, on set: TrainingSet, indices: [Int]? = nil
    ) throws(TrainingError) -> Evaluation {
        let network = try roundingNetwork()
        try network.round(quantization, isTraining: false)
        return try evaluate(
            parameters: parameters, on: set, indices ?? Array(0..<set.sampleCount), through: network)
    }

    /// Logits of the quantized model, `[indices.count, classCount]`, row-major.
    ///
    /// - Throws: as `evaluate(parameters:quantization:on:indices:)`.
    public func logits(
        parameters: [Float], quantization: FakeQuantization, on set: TrainingSet, indices: [Int]
    ) throws(TrainingError) -> [Float] {
        let network = try roundingNetwork()
        try network.round(quantization, isTraining: false)
        return try collectLogits(parameters: parameters, on: set, indices, through: network)
    }

    /// The network that rounds; made when it is first asked for, because it doubles the memory.
    func roundingNetwork() throws(TrainingError) -> FakeQuantizedNetwork {
        if let fakeQuantized { return fakeQuantized }
        let made = try FakeQuantizedNetwork(spec: spec, layout: layout, capacity: maximumBatchSize)
        fakeQuantized = made
        return made
    }
}
