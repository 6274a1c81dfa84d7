import Dispatch
import Quantization
import Synchronization
import Tensors
import Training

/// A few threads that train for any number of clients, each with memory of its own that is reused.
///
/// Training blocks a thread for long, so it stays off the threads that serve asynchronous tasks.
public final class TrainingPool: Sendable {
    private struct State {
        var idle: [Worker]
        var waiting: [CheckedContinuation<Worker, Never>] = []
    }

    /// One thread and its trainer; the pool hands a worker to one caller at a time, and only its queue touches it.
    private final class Worker: @unchecked Sendable {
        let queue: DispatchQueue
        let trainer: Trainer

        init(trainer: Trainer, number: Int) {
            self.trainer = trainer
            queue = DispatchQueue(label: "swiftlet.training.\(number)")
        }
    }

    private let state: Mutex<State>

    /// Plans the memory.
    ///
    /// - Parameters:
    ///   - threads: how many trainings run at once, 1 or more.
    ///   - maximumBatchSize: largest batch of any plan.
    /// - Throws: as `Trainer.init`.
    public init(spec: ModelSpec, threads: Int, maximumBatchSize: Int) throws(TrainingError) {
        var workers: [Worker] = []
        for number in 0..<max(1, threads) {
            workers.append(Worker(trainer: try Trainer(spec: spec, maximumBatchSize: maximumBatchSize), number: number))
        }
        state = Mutex(State(idle: workers.reversed()))
    }

    /// Trains on some samples of a set and returns the trained parameters, once a thread is free.
    public func train(
        parameters: [Float], on set: TrainingSet, indices: [Int], plan: LocalTrainingPlan, seed: Seed
    ) async -> Result<(parameters: [Float], outcome: TrainingOutcome), TrainingError> {
        await run { trainer throws(TrainingError) in
            var trained = parameters
            let outcome = try trainer.train(parameters: &trained, on: set, indices: indices, plan: plan, seed: seed)
            return (trained, outcome)
        }
    }

    /// Accuracy and loss of a model on a set, once a thread is free.
    public func evaluate(parameters: [Float], on set: TrainingSet) async -> Result<Evaluation, TrainingError> {
        await run { trainer throws(TrainingError) in try trainer.evaluate(parameters: parameters, on: set) }
    }

    /// Counts the activations of a model on some samples, once a thread is free.
    public func calibrate(
        parameters: [Float], on set: TrainingSet, indices: [Int]
    ) async -> Result<[ActivationHistogram], TrainingError> {
        await run { trainer throws(TrainingError) in
            try trainer.calibrate(parameters: parameters, on: set, indices: indices)
        }
    }

    private func run<Value: Sendable>(
        _ job: @escaping @Sendable (Trainer) throws(TrainingError) -> Value
    ) async -> Result<Value, TrainingError> {
        let worker = await take()
        let result = await withCheckedContinuation { continuation in
            worker.queue.async {
                continuation.resume(returning: Result { () throws(TrainingError) in try job(worker.trainer) })
            }
        }
        giveBack(worker)
        return result
    }

    private func take() async -> Worker {
        await withCheckedContinuation { continuation in
            let worker = state.withLock { state -> Worker? in
                if let worker = state.idle.popLast() { return worker }
                state.waiting.append(continuation)
                return nil
            }
            if let worker { continuation.resume(returning: worker) }
        }
    }

    private func giveBack(_ worker: Worker) {
        let next = state.withLock { state -> CheckedContinuation<Worker, Never>? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.idle.append(worker)
            return nil
        }
        next?.resume(returning: worker)
    }
}
