import Tensors

/// Trains and evaluates one model, in memory that is allocated once.
///
/// A trainer belongs to one thread at a time; several trainers may work on several threads at once. Calls are independent
/// of each other: the same arguments give the same bits, whatever the trainer did before.
public final class Trainer {
    /// Most memory that the tensors of one trainer may take, in bytes (2 GiB).
    public static let maximumArenaBytes = 1 << 31

    /// The model.
    public let spec: ModelSpec
    /// Names, shapes and order of the parameters.
    public let layout: ParameterLayout
    /// Largest batch that the memory was planned for.
    public let maximumBatchSize: Int

    let network: SequentialOperation
    /// Made by `roundingNetwork()`.
    var fakeQuantized: FakeQuantizedNetwork?
    let optimizer: Optimizer
    let parameters: FloatBuffer
    let gradients: FloatBuffer
    let batch: BatchGatherer
    let logits: FloatBuffer
    let logitGradients: FloatBuffer

    /// Plans all memory for batches of up to `maximumBatchSize` samples, at least 1.
    ///
    /// - Throws: as `ModelSpec.layout()`; `.invalidModel` where the batch is out of range or the tensors would take more
    ///   than `maximumArenaBytes`.
    public init(spec: ModelSpec, maximumBatchSize: Int) throws(TrainingError) {
        let layers = try spec.resolved()
        let layout = try ModelSpec.layout(of: layers)
        guard (1...65_536).contains(maximumBatchSize) else {
            throw .invalidModel("maximum batch size \(maximumBatchSize) is not in 1 to 65536")
        }
        let perSample = layers.reduce(spec.inputShape.reduce(1, *)) { $0 + $1.activationCount }
        // Activations, gradients and winners: three at most of each tensor.
        guard 3 * 4 * Double(perSample) * Double(maximumBatchSize) <= Double(Self.maximumArenaBytes) else {
            throw .invalidModel(
                "a batch of \(maximumBatchSize) would take more than \(Self.maximumArenaBytes) bytes; use a smaller one"
            )
        }
        BLAS.useOneThread()
        self.spec = spec
        self.layout = layout
        self.maximumBatchSize = maximumBatchSize
        network = NetworkCompiler(layout: layout, capacity: maximumBatchSize)
            .compile(layers, inputShape: spec.inputShape, isWhole: true)
        optimizer = Optimizer(layout: layout)
        parameters = FloatBuffer(count: layout.count)
        gradients = FloatBuffer(count: layout.count)
        batch = BatchGatherer(spec: spec, capacity: maximumBatchSize)
        logits = FloatBuffer(count: maximumBatchSize * spec.classCount)
        logitGradients = FloatBuffer(count: maximumBatchSize * spec.classCount)
    }

    /// Trains on some samples of a set and leaves the result in `parameters`.
    ///
    /// - Parameters:
    ///   - parameters: the flat vector of the model; unchanged when an error is thrown.
    ///   - set: samples in the model's input shape.
    ///   - indices: the samples to train on; shuffled anew for each epoch. At least one.
    ///   - plan: epochs, batch size (at most `maximumBatchSize`) and the rule of the steps.
    ///   - seed: decides the order of the samples.
    ///   - constraint: what the parameters are held to after every step, such as a pruning mask.
    /// - Throws: `.parameterCountMismatch`, `.nonFiniteParameter`, `.invalidPlan`, `.invalidSet`, `.indexOutOfRange`,
    ///   `.labelOutOfRange`, `.nonFiniteInput`; `.diverged` where the loss or a parameter ends as NaN or infinite;
    ///   `.invalidQuantization`, `.invalidCompaction` where a rounding or a constraint does not fit the model.
    public func train(
        parameters: inout [Float], on set: TrainingSet, indices: [Int], plan: LocalTrainingPlan, seed: Seed,
        constraint: ParameterConstraint? = nil
    ) throws(TrainingError) -> TrainingOutcome {
        try train(
            parameters: &parameters, on: set, indices: indices, plan: plan, seed: seed, constraint: constraint,
            objective: nil)
    }

    func train(
        parameters: inout [Float], on set: TrainingSet, indices: [Int], plan: LocalTrainingPlan, seed: Seed,
        constraint: ParameterConstraint?, objective: (any TrainingObjective)?
    ) throws(TrainingError) -> TrainingOutcome {
        try plan.validate()
        guard plan.batchSize <= maximumBatchSize else {
            throw .invalidPlan("batch size \(plan.batchSize) is above the trainer's maximum of \(maximumBatchSize)")
        }
        guard !indices.isEmpty else { throw .invalidSet("there are no samples to train on") }
        try load(parameters)
        try batch.check(set, indices)
        let rounding = plan.quantizationAware == nil ? nil : try roundingNetwork()
        if let quantization = plan.quantizationAware { try rounding?.round(quantization, isTraining: true) }
        let enforcer = try constraint.map { constraint throws(TrainingError) in
            try ConstraintEnforcer(constraint, layout: layout, parameters: self.parameters.pointer)
        }
        optimizer.reset(plan, parameters: self.parameters.pointer)
        var order = indices
        var lossSum = 0.0
        var steps = 0
        // Samples of the epoch that the loss is from, and of the longest epoch.
        var (seen, most) = (0, 0)
        let limit = plan.maximumSteps ?? .max
        for epoch in 0..<plan.epochs where steps < limit {
            var random = SeededRandom(seed.derived("epoch", epoch))
            random.shuffle(&order)
            (lossSum, seen) = (0, 0)
            for first in stride(from: 0, to: order.count, by: plan.batchSize) where steps < limit {
                let slice = order[first..<min(first + plan.batchSize, order.count)]
                let loss = try measureGradient(set, slice, through: rounding, objective)
                guard loss.isFinite else { throw .diverged(epoch: epoch, step: steps) }
                optimizer.step(self.parameters.pointer, gradients.pointer)
                rounding?.stepRanges(learningRate: plan.learningRate)
                enforcer?.enforce(self.parameters.pointer)
                lossSum += loss
                steps += 1
                seen += slice.count
            }
            most = max(most, seen)
        }
        guard firstNonFinite() == nil else { throw .diverged(epoch: plan.epochs - 1, step: steps) }
        store(into: &parameters, from: plan.firstParameter)
        return TrainingOutcome(
            meanLoss: lossSum / Double(seen), sampleCount: most, steps: steps,
            activationRanges: rounding?.ranges ?? [])
    }

    /// Puts one batch through the network both ways; the gradient of its mean loss is then in `gradients`.
    ///
    /// - Parameters:
    ///   - rounding: the network to take instead of the plain one.
    ///   - objective: the loss instead of plain cross-entropy.
    /// - Returns: the sum of the losses.
    func measureGradient(
        _ set: TrainingSet, _ indices: ArraySlice<Int>, through rounding: FakeQuantizedNetwork? = nil,
        _ objective: (any TrainingObjective)? = nil
    ) throws(TrainingError) -> Double {
        try batch.gather(set, indices)
        try objective?.prepare(set, indices)
        let network = rounding?.network ?? objective?.network ?? network
        let pass = Pass(
            parameters: rounding?.prepare(parameters.pointer) ?? parameters.pointer, gradients: gradients.pointer,
            batch: indices.count, isTraining: true)
        network.forward(pass, batch.inputs, logits.pointer)
        let sum =
            objective?.lossAndGradient(set, indices, logits: logits.pointer, into: logitGradients.pointer)
            ?? crossEntropy(set, indices)
        network.backward(pass, batch.inputs, logits.pointer, logitGradients.pointer, nil)
        rounding?.takeStatistics(into: parameters.pointer)
        return sum
    }

    private func crossEntropy(_ set: TrainingSet, _ indices: ArraySlice<Int>) -> Double {
        let classes = spec.classCount
        var sum = 0.0
        let scale = 1 / Float(indices.count)
        for (row, index) in indices.enumerated() {
            sum +=
                CrossEntropy.lossAndGradient(
                    logits.pointer + row * classes, count: classes, label: Int(set.labels[index]), scale: scale,
                    into: logitGradients.pointer + row * classes
                ).loss
        }
        return sum
    }

    func load(_ values: [Float]) throws(TrainingError) {
        guard values.count == layout.count else {
            throw .parameterCountMismatch(expected: layout.count, actual: values.count)
        }
        for (index, value) in values.enumerated() { parameters.pointer[index] = value }
        if let entry = firstNonFinite() { throw .nonFiniteParameter(name: entry.name) }
    }

    func store(into values: inout [Float], from first: Int = 0) {
        for index in values.indices.dropFirst(first) { values[index] = parameters.pointer[index] }
    }

    func firstNonFinite() -> ParameterEntry? {
        layout.entries.first { entry in
            !FiniteCheck.isFinite(UnsafePointer(parameters.pointer) + entry.offset, count: entry.count)
        }
    }
}
