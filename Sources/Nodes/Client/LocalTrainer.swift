import Federation
import Foundation
import Messages
import Quantization
import Tensors
import Training

/// The samples of one client and the threads that it trains on.
public struct LocalTrainer: Sendable {
    private let workshop: TrainingWorkshop
    private let indices: [Int]

    /// Gives a client its share of a workshop's samples.
    ///
    /// - Parameter indices: positions of the client's samples in the workshop's set.
    public init(workshop: TrainingWorkshop, indices: [Int]) {
        self.workshop = workshop
        self.indices = indices
    }

    /// Number of the client's samples.
    public var sampleCount: Int { indices.count }

    /// Builds the model of a federation and its version 0.
    func prepare(_ parameters: FederationParameters) async -> ClientEvent {
        switch await workshop.model(of: parameters) {
        case .success(let model): .parametersReady(model.layout, initialParameters: model.initialParameters)
        case .failure(let error): .preparationFailed(error.description)
        }
    }

    /// Trains, unless the result is not wanted any more once a thread is free.
    func train(_ task: TrainingTask, while wanted: @Sendable () async -> Bool) async -> ClientEvent {
        guard await wanted() else { return .trainingFailed(task.session, .busy) }
        switch await workshop.train(task, indices: indices) {
        case .success(let result): return .trained(task.session, result)
        case .failure(.diverged): return .trainingFailed(task.session, .diverged)
        case .failure: return .trainingFailed(task.session, .failed)
        }
    }
}

/// Samples in memory, the model of the federation, and a few threads: shared by all clients of a process.
public actor TrainingWorkshop {
    /// A model that is ready to be trained.
    struct Model: Sendable {
        var layout: ParameterLayout
        var initialParameters: [Float]
        var pool: TrainingPool
    }

    private let set: TrainingSet
    private let inputShape: [Int]
    private let classCount: Int
    private let threads: Int
    private var model: (parameters: FederationParameters, model: Model)?

    /// Takes samples; the model comes later, from the coordinator.
    ///
    /// - Parameters:
    ///   - inputShape: sizes of one sample.
    ///   - classCount: number of classes in the labels.
    ///   - threads: how many trainings run at once.
    public init(set: TrainingSet, inputShape: [Int], classCount: Int, threads: Int) {
        self.set = set
        self.inputShape = inputShape
        self.classCount = classCount
        self.threads = threads
    }

    /// The model that the parameters describe, built once.
    func model(of parameters: FederationParameters) -> Result<Model, NodeError> {
        if let model, model.parameters == parameters { return .success(model.model) }
        do {
            let spec = try JSONDecoder().decode(ModelSpec.self, from: Data(parameters.model.utf8))
            guard spec.inputShape == inputShape, spec.classCount >= classCount else {
                return .failure(
                    .configuration(
                        "the federation's model takes \(spec.inputShape) and \(spec.classCount) classes, "
                            + "but the local data have \(inputShape) and \(classCount) classes"))
            }
            let built = Model(
                layout: try spec.layout(), initialParameters: try spec.initialParameters(seed: Seed(parameters.seed)),
                pool: try TrainingPool(spec: spec, threads: threads, maximumBatchSize: parameters.plan.batchSize))
            model = (parameters, built)
            return .success(built)
        } catch {
            return .failure(.configuration("the federation's model cannot be built: \(error)"))
        }
    }

    nonisolated func train(_ task: TrainingTask, indices: [Int]) async -> Result<TrainingResult, TrainingError> {
        guard let pool = await pool else { return .failure(.invalidPlan("no model was prepared")) }
        var plan = LocalTrainingPlan(task.plan)
        if let work = task.work {
            plan.firstParameter = work.firstParameter
            plan.maximumSteps = work.maximumSteps
        }
        if let rounds = task.plan.quantizationAware, rounds.contains(task.round) {
            plan.quantizationAware = FakeQuantization(weightBits: rounds.weightBits)
        }
        var activations: [ActivationHistogram] = []
        if task.plan.calibrates(in: task.round) {
            switch await pool.calibrate(parameters: task.parameters, on: set, indices: Self.spread(indices)) {
            case .success(let histograms): activations = histograms
            case .failure(let error): return .failure(error)
            }
        }
        return await pool.train(parameters: task.parameters, on: set, indices: indices, plan: plan, seed: task.seed)
            .map { trained in
                TrainingResult(
                    parameters: trained.parameters, sampleCount: trained.outcome.sampleCount,
                    meanLoss: Float(trained.outcome.meanLoss), activations: activations)
            }
    }

    /// Samples that a client counts activations on at most.
    static let calibrationCount = 256

    /// Some samples from all over the client's, whatever their order.
    private static func spread(_ indices: [Int]) -> [Int] {
        guard indices.count > calibrationCount else { return indices }
        return (0..<calibrationCount).map { indices[$0 * indices.count / calibrationCount] }
    }

    private var pool: TrainingPool? { model?.model.pool }
}

extension LocalTrainingPlan {
    /// The same plan in the words of the training engine.
    init(_ plan: LocalPlan) {
        self.init(
            epochs: plan.epochs, batchSize: plan.batchSize, learningRate: plan.learningRate, momentum: plan.momentum,
            weightDecay: plan.weightDecay, proximal: plan.proximal, optimizer: plan.optimizer == .adam ? .adam : .sgd)
    }
}
