import Tensors
import Testing
import Training

struct TrainerTests {
    static let shapes: [(name: String, shape: [Int])] = [
        ("cnn-28x28", [1, 28, 28]), ("cnn1d-har", [6, 128]), ("cnn1d-gestures", [3, 64]), ("dscnn", [1, 20, 10]),
        ("resnet8", [3, 16, 16]), ("linear", [2, 9]),
    ]

    @Test(arguments: shapes.indices)
    func builtInsLearn(index: Int) throws {
        let (name, shape) = Self.shapes[index]
        let spec = try ModelSpec.builtIn(name, inputShape: shape, classCount: 4)
        let set = try SyntheticSet.make(shape: shape, classCount: 4, sampleCount: 64, seed: 1)
        let trainer = try Trainer(spec: spec, maximumBatchSize: 16)
        var parameters = try spec.initialParameters(seed: Seed(2))
        let indices = Array(0..<64)
        let before = try trainer.evaluate(parameters: parameters, on: set)
        let plan = LocalTrainingPlan(epochs: 12, batchSize: 16, learningRate: 0.03, momentum: 0.9)
        let outcome = try trainer.train(parameters: &parameters, on: set, indices: indices, plan: plan, seed: Seed(3))
        let after = try trainer.evaluate(parameters: parameters, on: set)
        #expect(outcome.steps == 48)
        #expect(outcome.sampleCount == 64)
        #expect(after.loss < 0.8 * before.loss, "\(before) \(after)")
    }

    @Test func recurrentModelLearnsACycle() throws {
        let spec = try ModelSpec.builtIn("gru-chars", inputShape: [10], classCount: 7)
        let set = try SyntheticSet.tokens(length: 10, vocabulary: 7, sampleCount: 70, seed: 4)
        let trainer = try Trainer(spec: spec, maximumBatchSize: 10)
        var parameters = try spec.initialParameters(seed: Seed(2))
        let plan = LocalTrainingPlan(epochs: 20, batchSize: 10, learningRate: 0.005, optimizer: .adam)
        _ = try trainer.train(parameters: &parameters, on: set, indices: Array(0..<70), plan: plan, seed: Seed(3))
        #expect(try trainer.evaluate(parameters: parameters, on: set).accuracy == 1)
    }

    /// A run of five samples, two batches per epoch, the last one smaller.
    private struct Run {
        let spec: ModelSpec
        let set: TrainingSet
        let start: [Float]
        var plan = LocalTrainingPlan(epochs: 2, batchSize: 3, learningRate: 0.05, momentum: 0.9)

        init(_ name: String = "cnn1d-gestures", _ shape: [Int] = [3, 64]) throws {
            spec = try ModelSpec.builtIn(name, inputShape: shape, classCount: 3)
            set = try SyntheticSet.make(shape: shape, classCount: 3, sampleCount: 9, seed: 6)
            start = try spec.initialParameters(seed: Seed(5))
        }

        func trained(by trainer: Trainer, seed: UInt64 = 1) throws -> [Float] {
            var parameters = start
            _ = try trainer.train(
                parameters: &parameters, on: set, indices: [0, 2, 4, 6, 8], plan: plan, seed: Seed(seed))
            return parameters
        }
    }

    @Test(arguments: [
        ("cnn-28x28", [1, 28, 28]), ("cnn1d-gestures", [3, 64]), ("resnet8", [3, 9, 9]), ("dscnn", [2, 11, 9]),
    ])
    func resultDependsOnArgumentsOnly(name: String, shape: [Int]) throws {
        let run = try Run(name, shape)
        let trainer = try Trainer(spec: run.spec, maximumBatchSize: 3)
        let first = try run.trained(by: trainer)
        _ = try trainer.evaluate(parameters: first, on: run.set)
        var adam = run
        adam.plan.optimizer = .adam
        #expect(try adam.trained(by: trainer) != first)
        #expect(try run.trained(by: trainer) == first)
        #expect(try run.trained(by: Trainer(spec: run.spec, maximumBatchSize: 3)) == first)
        #expect(try run.trained(by: trainer, seed: 2) != first)
    }

    @Test func trainersOnSeveralThreadsDoNotDisturbEachOther() async throws {
        let run = try Run()
        let expected = try run.trained(by: Trainer(spec: run.spec, maximumBatchSize: 3))
        let results = try await withThrowingTaskGroup(of: [Float].self) { group in
            for _ in 0..<8 {
                group.addTask { try run.trained(by: Trainer(spec: run.spec, maximumBatchSize: 3)) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count == 8)
        #expect(results.allSatisfy { $0 == expected })
    }

    @Test func evaluationDoesNotDependOnTheBatchSize() throws {
        let run = try Run("resnet8", [3, 9, 9])
        let whole = try Trainer(spec: run.spec, maximumBatchSize: 9).evaluate(parameters: run.start, on: run.set)
        let parts = try Trainer(spec: run.spec, maximumBatchSize: 2).evaluate(parameters: run.start, on: run.set)
        #expect(abs(whole.loss - parts.loss) < 1e-6)
        #expect(whole.accuracy == parts.accuracy)
    }

    @Test func strongProximalTermKeepsTheModelNearItsStart() throws {
        var run = try Run()
        run.plan = LocalTrainingPlan(epochs: 20, batchSize: 3, learningRate: 0.02)
        let trainer = try Trainer(spec: run.spec, maximumBatchSize: 3)
        func distance(_ parameters: [Float]) -> Float {
            zip(parameters, run.start).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
        let free = distance(try run.trained(by: trainer))
        run.plan.proximal = 20
        #expect(distance(try run.trained(by: trainer)) < 0.2 * free)
    }

    @Test func statisticsAreExemptFromDecayAndProximal() throws {
        var run = try Run("dscnn", [2, 11, 9])
        run.plan = LocalTrainingPlan(epochs: 1, batchSize: 5, learningRate: 0.01)
        let trainer = try Trainer(spec: run.spec, maximumBatchSize: 5)
        let plain = try run.trained(by: trainer)
        run.plan.weightDecay = 0.5
        run.plan.proximal = 1
        let decayed = try run.trained(by: trainer)
        for entry in trainer.layout.entries {
            if entry.kind == .statistic { #expect(plain[entry.range] == decayed[entry.range]) }
            if entry.kind == .weight { #expect(plain[entry.range] != decayed[entry.range]) }
        }
    }

    @Test func faultyArgumentsAreRefusedAndLeaveTheParameters() throws {
        let run = try Run()
        let trainer = try Trainer(spec: run.spec, maximumBatchSize: 3)
        func error(_ change: (inout LocalTrainingPlan) -> Void, _ indices: [Int] = [0, 1]) -> TrainingError? {
            var plan = run.plan
            change(&plan)
            var parameters = run.start
            defer { #expect(parameters == run.start) }
            return #expect(throws: TrainingError.self) {
                try trainer.train(parameters: &parameters, on: run.set, indices: indices, plan: plan, seed: Seed(0))
            }
        }
        #expect(error { $0.epochs = 0 } == .invalidPlan("epochs 0 is not in 1 to 100000"))
        #expect(error { $0.batchSize = 4 }?.description.contains("maximum of 3") == true)
        #expect(error { $0.learningRate = .nan }?.description.contains("learning rate") == true)
        #expect(error { $0.momentum = 1 }?.description.contains("momentum") == true)
        #expect(error { $0.weightDecay = -1 }?.description.contains("weight decay") == true)
        #expect(error { $0.proximal = .infinity }?.description.contains("proximal") == true)
        #expect(error({ _ in }, []) == .invalidSet("there are no samples to train on"))
        #expect(error({ _ in }, [9]) == .indexOutOfRange(index: 9, sampleCount: 9))
        #expect(error({ _ in }, [-1]) == .indexOutOfRange(index: -1, sampleCount: 9))
    }

    @Test func divergenceIsAnErrorAndLeavesTheParameters() throws {
        var run = try Run()
        run.plan = LocalTrainingPlan(epochs: 50, batchSize: 3, learningRate: 1e30)
        let trainer = try Trainer(spec: run.spec, maximumBatchSize: 3)
        var parameters = run.start
        let error = #expect(throws: TrainingError.self) {
            try trainer.train(parameters: &parameters, on: run.set, indices: [0, 1], plan: run.plan, seed: Seed(0))
        }
        guard case .diverged = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(parameters == run.start)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func nonFiniteValuesAreFound(value: Float) throws {
        let run = try Run()
        let trainer = try Trainer(spec: run.spec, maximumBatchSize: 3)
        var parameters = run.start
        parameters[parameters.count - 1] = value
        #expect(throws: TrainingError.nonFiniteParameter(name: "9.dense/bias")) {
            try trainer.evaluate(parameters: parameters, on: run.set)
        }
        for position in [0, 191, 192 * 4 + 77] {
            var inputs = run.set.inputs
            inputs[position] = value
            let set = try TrainingSet(inputs: inputs, labels: run.set.labels, elementCount: 192)
            #expect(throws: TrainingError.nonFiniteInput(sample: position / 192)) {
                try trainer.evaluate(parameters: run.start, on: set)
            }
        }
    }

    @Test func labelsAndShapesAreChecked() throws {
        let run = try Run()
        let trainer = try Trainer(spec: run.spec, maximumBatchSize: 3)
        for label in [-1, 3] as [Int32] {
            let set = try TrainingSet(
                inputs: run.set.inputs, labels: [0, 1, 2, 0, label, 0, 0, 0, 0], elementCount: 192)
            #expect(throws: TrainingError.labelOutOfRange(label: label, sample: 4, classCount: 3)) {
                try trainer.evaluate(parameters: run.start, on: set)
            }
        }
        let narrow = try TrainingSet(inputs: [1, 2], labels: [0], elementCount: 2)
        #expect(throws: TrainingError.invalidSet("samples have 2 elements, the model takes 192")) {
            try trainer.evaluate(parameters: run.start, on: narrow)
        }
        #expect(throws: TrainingError.parameterCountMismatch(expected: run.start.count, actual: 1)) {
            try trainer.evaluate(parameters: [0], on: run.set)
        }
        #expect(throws: TrainingError.self) { try TrainingSet(inputs: [1], labels: [1, 2], elementCount: 1) }
        #expect(throws: TrainingError.self) { try TrainingSet(inputs: [], labels: [], elementCount: 0) }
    }

    @Test(arguments: [-1, 0.5, 7] as [Float])
    func tokensOutsideTheVocabularyAreRefused(token: Float) throws {
        let spec = try ModelSpec.builtIn("gru-chars", inputShape: [3], classCount: 7)
        let trainer = try Trainer(spec: spec, maximumBatchSize: 2)
        let set = try TrainingSet(inputs: [0, 1, 6, 2, token, 3], labels: [0, 1], elementCount: 3)
        #expect(throws: TrainingError.tokenOutOfRange(token: token, sample: 1, vocabulary: 7)) {
            try trainer.evaluate(parameters: try spec.initialParameters(seed: Seed(1)), on: set)
        }
    }

    @Test func arenasAreCapped() throws {
        let spec = ModelSpec(
            name: "x", inputShape: [1, 4096, 4096], classCount: 2, layers: [.relu, .globalAveragePool, .dense(out: 2)])
        #expect(throws: TrainingError.self) { try Trainer(spec: spec, maximumBatchSize: 64) }
        #expect(throws: TrainingError.self) { try Trainer(spec: spec, maximumBatchSize: 0) }
    }
}
