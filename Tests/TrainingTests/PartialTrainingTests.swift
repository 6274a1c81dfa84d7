import Tensors
import Testing
import Training

struct PartialTrainingTests {
    private static let shape = [1, 12, 8]

    private static func train(_ plan: LocalTrainingPlan) throws -> (before: [Float], after: [Float], TrainingOutcome) {
        let spec = try ModelSpec.builtIn("dscnn", inputShape: shape, classCount: 4)
        let set = try SyntheticSet.make(shape: shape, classCount: 4, sampleCount: 40, seed: 1)
        let trainer = try Trainer(spec: spec, maximumBatchSize: 16)
        let before = try spec.initialParameters(seed: Seed(2))
        var after = before
        let outcome = try trainer.train(
            parameters: &after, on: set, indices: Array(0..<40), plan: plan, seed: Seed(3))
        return (before, after, outcome)
    }

    @Test(arguments: OptimizerKind.allCases) func leavesTheFirstParametersAlone(_ kind: OptimizerKind) throws {
        let spec = try ModelSpec.builtIn("dscnn", inputShape: Self.shape, classCount: 4)
        let last = try #require(try spec.layout().entries.first { $0.name.hasSuffix("dense/weight") }).offset
        var plan = LocalTrainingPlan(
            epochs: 2, batchSize: 16, learningRate: 0.05, momentum: 0.9, weightDecay: 0.1, optimizer: kind)
        plan.firstParameter = last
        let (before, after, _) = try Self.train(plan)
        #expect(before[..<last] == after[..<last])
        #expect(before[last...] != after[last...])
    }

    @Test(arguments: [(1, 1, 16), (2, 2, 32), (3, 3, 40), (4, 4, 40), (100, 6, 40)])
    func endsAfterSoManySteps(_ limit: Int, _ steps: Int, _ samples: Int) throws {
        var plan = LocalTrainingPlan(epochs: 2, batchSize: 16, learningRate: 0.05)
        plan.maximumSteps = limit
        let outcome = try Self.train(plan).2
        #expect(outcome.steps == steps)
        #expect(outcome.sampleCount == samples)
        #expect(outcome.meanLoss > 0.1 && outcome.meanLoss < 10)
    }

    @Test func refusesImpossiblePlans() {
        var plan = LocalTrainingPlan()
        plan.firstParameter = -1
        #expect(throws: TrainingError.self) { try plan.validate() }
        plan.firstParameter = 0
        plan.maximumSteps = 0
        #expect(throws: TrainingError.self) { try plan.validate() }
    }
}
