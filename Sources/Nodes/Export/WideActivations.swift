import Quantization
import Tensors
import Training

/// Looks for the activations of a model that need 16 bits.
struct WideActivations {
    let model: TrainedModel
    let labels: [String]
    let calibration: TrainingSet
    /// Samples of the calibration set to measure on.
    let indices: [Int]

    private static let batchSize = 64

    /// The model with int8 weights and activations of 8 and 16 bits.
    ///
    /// - Parameters:
    ///   - test: samples that accuracy is measured on.
    ///   - narrow: accuracy of the model with 8 bits on them.
    ///   - tolerance: loss of accuracy, as a share, below which nothing is looked for.
    /// - Returns: nil where 8 bits do, or where 16 bring the outputs no closer.
    func network(test: TrainingSet, narrow: Double, tolerance: Double) throws(TrainingError) -> QuantizedNetwork? {
        let trainer = try Trainer(spec: model.spec, maximumBatchSize: Self.batchSize)
        let lost = try trainer.evaluate(parameters: model.parameters, on: test).accuracy - narrow
        guard lost >= tolerance, !indices.isEmpty else { return nil }
        var histograms = model.activations
        if histograms.isEmpty {
            histograms = try trainer.calibrate(parameters: model.parameters, on: calibration, indices: indices)
        }
        var quantization = FakeQuantization(rangeRule: .fixed, ranges: histograms.map { $0.range(.leastSquares) })
        let choice = try ActivationSearch().choose(
            trainer, parameters: model.parameters, quantization: quantization, on: calibration, indices: indices,
            fits: { _ in true })
        guard choice.pointActivationBits.contains(16) else { return nil }
        quantization.pointActivationBits = choice.pointActivationBits
        return try model.spec.quantized(model.parameters, quantization, labels: labels)
    }
}
