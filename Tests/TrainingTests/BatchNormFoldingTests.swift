import Tensors
import Testing
import Training

struct BatchNormFoldingTests {
    @Test(arguments: try TrainingGolden.all().filter { $0.name != "maxpool1d-alone" })
    func foldedModelGivesTheSameLogits(golden: TrainingGolden) throws {
        let parameters = try TrainingGolden.values(golden.parameters)
        let folded = try golden.spec.foldingBatchNorm(parameters)
        #expect(try folded.spec.layout().entries.allSatisfy { $0.kind != .statistic })
        let logits = try Trainer(spec: folded.spec, maximumBatchSize: 3).logits(
            parameters: folded.parameters, on: try golden.set(), indices: Array(golden.labels.indices))
        #expect(relativeDifference(logits, try TrainingGolden.values(golden.logits)) < 2e-5)
    }

    @Test(arguments: ["resnet8", "dscnn"])
    func trainedModelFolds(name: String) throws {
        let spec = try ModelSpec.builtIn(name, inputShape: [2, 12, 10], classCount: 3)
        let set = try SyntheticSet.make(shape: [2, 12, 10], classCount: 3, sampleCount: 12, seed: 5)
        var parameters = try spec.initialParameters(seed: Seed(1))
        let trainer = try Trainer(spec: spec, maximumBatchSize: 12)
        let plan = LocalTrainingPlan(epochs: 3, batchSize: 6, learningRate: 0.05, momentum: 0.9)
        _ = try trainer.train(
            parameters: &parameters, on: set, indices: Array(0..<12), plan: plan, seed: Seed(2))
        let expected = try trainer.logits(parameters: parameters, on: set, indices: Array(0..<12))
        let folded = try spec.foldingBatchNorm(parameters)
        let actual = try Trainer(spec: folded.spec, maximumBatchSize: 12).logits(
            parameters: folded.parameters, on: set, indices: Array(0..<12))
        #expect(relativeDifference(actual, expected) < 1e-4)
    }

    @Test func batchNormBehindAPoolOfSequencesIsRefused() throws {
        let spec = ModelSpec(
            name: "x", inputShape: [2, 8], classCount: 2,
            layers: [.maxpool1d(.pool(2)), .batchNorm, .flatten, .dense(out: 2)])
        let parameters = try spec.initialParameters(seed: Seed(0))
        #expect(throws: TrainingError.self) { try spec.foldingBatchNorm(parameters) }
    }

    @Test func wrongCountIsRefused() throws {
        let spec = ModelSpec(name: "x", inputShape: [2], classCount: 2, layers: [.dense(out: 2)])
        #expect(throws: TrainingError.parameterCountMismatch(expected: 6, actual: 5)) {
            try spec.foldingBatchNorm([1, 2, 3, 4, 5])
        }
    }
}
