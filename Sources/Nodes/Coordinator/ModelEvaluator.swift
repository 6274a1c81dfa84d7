import Federation
import Training

/// Measures a model on the coordinator's test data: the float master and the int8 lattice, side by side.
public struct ModelEvaluator: Sendable {
    private let pool: TrainingPool
    private let test: TrainingSet

    /// Plans the memory.
    ///
    /// - Throws: as `TrainingPool.init`.
    public init(spec: ModelSpec, test: TrainingSet) throws(TrainingError) {
        pool = try TrainingPool(spec: spec, threads: 2, maximumBatchSize: 100)
        self.test = test
    }

    /// Accuracy of both and loss of the float master; a model that yields NaN has accuracy 0.
    public func evaluate(master: [Float], int8: [Float]) async -> Federation.Evaluation {
        async let float = pool.evaluate(parameters: master, on: test)
        async let integer = pool.evaluate(parameters: int8, on: test)
        let (floatResult, integerResult) = (try? await float.get(), try? await integer.get())
        return Federation.Evaluation(
            accuracy: floatResult?.accuracy ?? 0, int8Accuracy: integerResult?.accuracy ?? 0,
            loss: floatResult?.loss ?? .greatestFiniteMagnitude)
    }
}
