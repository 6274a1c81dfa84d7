import Tensors
import Testing
import Training

/// Whole networks against PyTorch: `Tests/Golden/training/make_training_goldens.py`.
struct TrainingGoldenTests {
    @Test(arguments: try TrainingGolden.all())
    func logitsAgree(golden: TrainingGolden) throws {
        let parameters = try TrainingGolden.values(golden.parameters)
        let logits = try golden.trainer().logits(
            parameters: parameters, on: try golden.set(), indices: Array(golden.labels.indices))
        #expect(relativeDifference(logits, try TrainingGolden.values(golden.logits)) < 1e-5)
    }

    @Test(arguments: try TrainingGolden.all())
    func lossGradientAndStatisticsAgree(golden: TrainingGolden) throws {
        var parameters = try TrainingGolden.values(golden.parameters)
        let trainer = try golden.trainer()
        let (loss, gradient) = try trainer.gradient(
            parameters: &parameters, on: try golden.set(), indices: Array(golden.labels.indices))
        #expect(abs(loss - golden.loss) < 1e-5)
        let expected = try TrainingGolden.values(golden.gradient)
        for entry in trainer.layout.entries {
            let worst = relativeDifference(Array(gradient[entry.range]), Array(expected[entry.range]))
            #expect(worst < 2e-5, "\(entry.name)")
        }
        #expect(relativeDifference(parameters, try TrainingGolden.values(golden.statistics)) < 1e-6)
    }

    @Test(arguments: try TrainingGolden.all().filter { $0.plan != nil })
    func trainingTracesAgree(golden: TrainingGolden) throws {
        var parameters = try TrainingGolden.values(golden.parameters)
        let outcome = try golden.trainer().train(
            parameters: &parameters, on: try golden.set(), indices: Array(golden.labels.indices),
            plan: try #require(golden.plan), seed: Seed(3))
        let expected = try TrainingGolden.values(try #require(golden.trained))
        #expect(relativeDifference(parameters, expected) < 2e-5)
        #expect(abs(outcome.meanLoss - (try #require(golden.lastLoss))) < 1e-4)
        #expect(outcome.steps == golden.plan?.epochs)
    }
}
