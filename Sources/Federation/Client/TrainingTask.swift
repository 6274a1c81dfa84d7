import Messages
import Quantization
import Tensors

/// What a client is asked to train.
public struct TrainingTask: Hashable, Sendable {
    /// Names the training in the answer.
    public var session: SessionID
    /// Counts from 1.
    public var round: Int
    /// The model to start from, one value per parameter.
    public var parameters: [Float]
    /// How to train.
    public var plan: LocalPlan
    /// The part of the work that this device does; nil: all of it.
    public var work: WorkPlan?
    /// For shuffling and everything else that is random; the same for every attempt at a round.
    public var seed: Seed
    /// Time at which the answer is of no use any more, on the clock of `handle`.
    public var deadline: Duration

    /// Makes the value from its fields.
    public init(
        session: SessionID, round: Int, parameters: [Float], plan: LocalPlan, work: WorkPlan? = nil, seed: Seed,
        deadline: Duration
    ) {
        self.session = session
        self.round = round
        self.parameters = parameters
        self.plan = plan
        self.work = work
        self.seed = seed
        self.deadline = deadline
    }
}

/// What came of a training.
public struct TrainingResult: Hashable, Sendable {
    /// The model after training, one value per parameter.
    public var parameters: [Float]
    /// Samples that were trained on, 1 or more.
    public var sampleCount: Int
    /// Mean loss over the training.
    public var meanLoss: Float
    /// Activations of the received model on the client's samples, one histogram per quantization point; empty in rounds
    /// that do not calibrate.
    public var activations: [ActivationHistogram]

    /// Makes the value from its fields.
    public init(
        parameters: [Float], sampleCount: Int, meanLoss: Float, activations: [ActivationHistogram] = []
    ) {
        self.parameters = parameters
        self.sampleCount = sampleCount
        self.meanLoss = meanLoss
        self.activations = activations
    }
}
