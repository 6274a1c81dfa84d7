import Tensors

/// Fits the last layer of a model to one client and leaves the rest as the federation made it (domain adaptation of the
/// classifier; Arivazhagan et al. 2019, arXiv:1912.00818).
///
/// The frozen part sees every sample once, so an epoch costs as much as one of a linear classifier.
public final class LastLayerTraining {
    /// The whole model.
    public let spec: ModelSpec

    private let prefix: Trainer
    private let head: Trainer
    private let layout: ParameterLayout
    private let headCount: Int

    /// Splits a model before its last layer.
    ///
    /// - Throws: as `Trainer`; `.invalidCompaction` where the last layer is not a dense one on two or more features, with at
    ///   least one layer before it.
    public init(spec: ModelSpec, maximumBatchSize: Int) throws(TrainingError) {
        let layers = try spec.resolved()
        guard layers.count > 1, let last = layers.last, case .dense = last.spec, last.inputShape[0] > 1 else {
            throw .invalidCompaction("only a dense layer at the end of '\(spec.name)' can be trained alone")
        }
        self.spec = spec
        layout = try ModelSpec.layout(of: layers)
        headCount = last.tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
        // The features take the place of classes: their number is the width of the prefix's output.
        prefix = try Trainer(
            spec: ModelSpec(
                name: spec.name, inputShape: spec.inputShape, classCount: last.inputShape[0],
                layers: Array(spec.layers.dropLast())), maximumBatchSize: maximumBatchSize)
        head = try Trainer(
            spec: ModelSpec(
                name: spec.name, inputShape: last.inputShape, classCount: spec.classCount, layers: [last.spec]),
            maximumBatchSize: maximumBatchSize)
    }

    /// Trains the last layer on some samples and leaves the result in `parameters`.
    ///
    /// - Parameter parameters: the flat vector of the whole model; unchanged when an error is thrown.
    /// - Throws: as `Trainer.train`.
    public func train(
        parameters: inout [Float], on set: TrainingSet, indices: [Int], plan: LocalTrainingPlan, seed: Seed
    ) throws(TrainingError) -> TrainingOutcome {
        try parameters.checkCount(of: layout)
        if let sample = indices.first(where: { !set.labels.indices.contains($0) }) {
            throw .indexOutOfRange(index: sample, sampleCount: set.sampleCount)
        }
        // The prefix has classes of its own, which the labels are not among.
        let unlabelled = try TrainingSet(
            inputs: set.inputs, labels: [Int32](repeating: 0, count: set.sampleCount), elementCount: set.elementCount)
        let features = try prefix.logits(
            parameters: Array(parameters.dropLast(headCount)), on: unlabelled, indices: indices)
        let seen = try TrainingSet(
            inputs: features, labels: indices.map { set.labels[$0] }, elementCount: head.spec.inputShape[0])
        var own = Array(parameters.suffix(headCount))
        let outcome = try head.train(
            parameters: &own, on: seen, indices: Array(indices.indices), plan: plan, seed: seed)
        parameters.replaceSubrange((parameters.count - headCount)..., with: own)
        return outcome
    }
}
