/// Which rule turns gradients into steps.
public enum OptimizerKind: String, Hashable, Codable, Sendable, CaseIterable {
    /// Stochastic gradient descent with momentum: `v ← μ v + g`, `w ← w − η v`.
    case sgd
    /// Adam with bias correction and β = (0.9, 0.999), ε = 1e-8 (Kingma, Ba 2015, arXiv:1412.6980). `momentum` replaces
    /// β₁ where it is above 0.
    case adam
}

/// How one client trains between two exchanges with the coordinator.
public struct LocalTrainingPlan: Hashable, Codable, Sendable {
    /// Passes over the client's samples, at least 1.
    public var epochs: Int
    /// Samples per step, at least 1; the last batch of an epoch may be smaller.
    public var batchSize: Int
    /// Step length η, above 0.
    public var learningRate: Float
    /// Share μ of the last step that is kept, 0 or more and below 1.
    public var momentum: Float
    /// Added to the gradient as `weightDecay · w`, 0 or more. Statistics are exempt.
    public var weightDecay: Float
    /// FedProx coefficient: adds `proximal · (w − w₀)` to the gradient, with w₀ the parameters at the start (Li et al.
    /// 2020, arXiv:1812.06127), 0 or more. Statistics are exempt.
    public var proximal: Float
    /// The rule of the steps. Its state starts afresh with every local training.
    public var optimizer: OptimizerKind
    /// Rounds weights and activations in every forward pass, so that the model learns to live with it; meant for the last
    /// rounds. Nil trains in plain float.
    public var quantizationAware: FakeQuantization?
    /// Position of the first parameter that is trained; those before it, statistics included, stay what they are.
    public var firstParameter = 0
    /// Optimizer steps after which training ends, wherever it stands, 1 or more; nil: none.
    public var maximumSteps: Int?

    /// Makes a plan; checked by `validate()` and by every training that uses it.
    public init(
        epochs: Int = 1, batchSize: Int = 32, learningRate: Float = 0.01, momentum: Float = 0, weightDecay: Float = 0,
        proximal: Float = 0, optimizer: OptimizerKind = .sgd, quantizationAware: FakeQuantization? = nil
    ) {
        self.epochs = epochs
        self.batchSize = batchSize
        self.learningRate = learningRate
        self.momentum = momentum
        self.weightDecay = weightDecay
        self.proximal = proximal
        self.optimizer = optimizer
        self.quantizationAware = quantizationAware
    }

    /// Checks every range.
    ///
    /// - Throws: `TrainingError.invalidPlan` naming the first setting that is out of range; `.invalidQuantization`.
    public func validate() throws(TrainingError) {
        guard (1...100_000).contains(epochs) else { throw .invalidPlan("epochs \(epochs) is not in 1 to 100000") }
        guard (1...65_536).contains(batchSize) else {
            throw .invalidPlan("batch size \(batchSize) is not in 1 to 65536")
        }
        guard learningRate > 0, learningRate.isFinite else {
            throw .invalidPlan("learning rate \(learningRate) is not above 0")
        }
        guard momentum >= 0, momentum < 1 else { throw .invalidPlan("momentum \(momentum) is not in 0..<1") }
        guard weightDecay >= 0, weightDecay.isFinite else {
            throw .invalidPlan("weight decay \(weightDecay) is below 0")
        }
        guard proximal >= 0, proximal.isFinite else { throw .invalidPlan("proximal \(proximal) is below 0") }
        guard firstParameter >= 0 else { throw .invalidPlan("first parameter \(firstParameter) is below 0") }
        if let maximumSteps, maximumSteps < 1 { throw .invalidPlan("maximum steps \(maximumSteps) is below 1") }
        try quantizationAware?.validate()
    }
}

/// What one local training came to.
public struct TrainingOutcome: Hashable, Codable, Sendable {
    /// Mean loss over all samples of the last epoch, each measured before its own step.
    public let meanLoss: Double
    /// Samples that the client trained on, the weight of its update.
    public let sampleCount: Int
    /// Optimizer steps taken.
    public let steps: Int
    /// Where each tensor's range ended up in quantization-aware training, one per `ModelSpec.quantizationPoints()`: a few
    /// numbers that a coordinator can average. Empty after plain training.
    public let activationRanges: [ActivationRange]
}

/// How well a model does on a set.
public struct Evaluation: Hashable, Codable, Sendable {
    /// Share of samples whose largest logit is the label's, 0 to 1.
    public let accuracy: Double
    /// Mean cross-entropy in nats.
    public let loss: Double
    /// Samples looked at.
    public let sampleCount: Int
}
