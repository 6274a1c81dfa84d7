import Tensors
import Testing
import Training

struct QuantizationAwareTrainingTests {
    static let indices = Array(0..<24)

    @Test(arguments: FakeQuantization.RangeRule.allCases.filter { $0 != .fixed }, [8, 2])
    func trainingBringsTheRoundedLossDown(rule: FakeQuantization.RangeRule, bits: Int) throws {
        let (spec, start, set) = try FakeQuantizationTests.trained("resnet8")
        let trainer = try Trainer(spec: spec, maximumBatchSize: 24)
        let ranges = try trainer.calibrate(parameters: start, on: set).map { $0.range(.minMax) }
        let before = try trainer.evaluate(
            parameters: start, quantization: FakeQuantization(weightBits: bits, ranges: ranges), on: set)
        var parameters = start
        var plan = LocalTrainingPlan(epochs: 10, batchSize: 8, learningRate: 0.02, momentum: 0.9)
        plan.quantizationAware = FakeQuantization(weightBits: bits, rangeRule: rule)
        let outcome = try trainer.train(
            parameters: &parameters, on: set, indices: Self.indices, plan: plan, seed: Seed(3))
        #expect(outcome.activationRanges.count == ranges.count)
        #expect(outcome.activationRanges.allSatisfy { $0.isValid })
        let after = try trainer.evaluate(
            parameters: parameters,
            quantization: FakeQuantization(weightBits: bits, ranges: outcome.activationRanges), on: set)
        #expect(after.loss < before.loss, "\(after.loss) \(before.loss)")
    }

    @Test func fixedRangesComeBackUnchanged() throws {
        let (spec, start, set) = try FakeQuantizationTests.trained("dscnn")
        let trainer = try Trainer(spec: spec, maximumBatchSize: 24)
        let ranges = try trainer.calibrate(parameters: start, on: set).map { $0.range(.percentile(0.99)) }
        var parameters = start
        var plan = LocalTrainingPlan(batchSize: 8, learningRate: 0.02)
        plan.quantizationAware = FakeQuantization(rangeRule: .fixed, ranges: ranges)
        let outcome = try trainer.train(
            parameters: &parameters, on: set, indices: Self.indices, plan: plan, seed: Seed(3))
        #expect(outcome.activationRanges == ranges)
        #expect(parameters != start)
        let statistics = trainer.layout.entries.filter { $0.kind == .statistic }
        #expect(statistics.allSatisfy { parameters[$0.range] != start[$0.range] })
        plan.quantizationAware?.ranges = []
        #expect(throws: TrainingError.self) {
            try trainer.train(parameters: &parameters, on: set, indices: Self.indices, plan: plan, seed: Seed(3))
        }
    }

    @Test func callsAreIndependentAndPlainTrainingIsUntouched() throws {
        let (spec, start, set) = try FakeQuantizationTests.trained("resnet8")
        let plain = LocalTrainingPlan(epochs: 2, batchSize: 8, learningRate: 0.02, momentum: 0.9)
        var aware = plain
        aware.quantizationAware = FakeQuantization(weightBits: 4, rangeRule: .learned)
        func train(_ trainer: Trainer, _ plan: LocalTrainingPlan) throws -> ([Float], TrainingOutcome) {
            var parameters = start
            let outcome = try trainer.train(
                parameters: &parameters, on: set, indices: Self.indices, plan: plan, seed: Seed(3))
            return (parameters, outcome)
        }
        let used = try Trainer(spec: spec, maximumBatchSize: 24)
        let first = try train(used, aware)
        let second = try train(used, plain)
        let unused = try train(Trainer(spec: spec, maximumBatchSize: 24), plain)
        #expect(second == unused)
        #expect(second.1.activationRanges.isEmpty)
        let again = try train(used, aware)
        #expect(first == again)
        #expect(first.0 != second.0)
    }

    @Test func tokensAreNotRounded() throws {
        let spec = try ModelSpec.builtIn("gru-chars", inputShape: [6], classCount: 5)
        let set = try SyntheticSet.tokens(length: 6, vocabulary: 5, sampleCount: 8, seed: 1)
        #expect(try spec.quantizationPoints().map(\.path) == ["1.gru", "2.dense"])
        var parameters = try spec.initialParameters(seed: Seed(1))
        let plan = LocalTrainingPlan(
            epochs: 2, batchSize: 4, learningRate: 0.1, quantizationAware: FakeQuantization())
        let outcome = try Trainer(spec: spec, maximumBatchSize: 4).train(
            parameters: &parameters, on: set, indices: Array(0..<8), plan: plan, seed: Seed(1))
        #expect(outcome.activationRanges.count == 2)
    }
}

struct PrecisionSearchTests {
    @Test(arguments: [1.0, 0.8, 0.6])
    func choiceFitsItsBudget(share: Double) throws {
        let (spec, parameters, set) = try FakeQuantizationTests.trained("resnet8")
        let trainer = try Trainer(spec: spec, maximumBatchSize: 24)
        let ranges = try trainer.calibrate(parameters: parameters, on: set).map { $0.range(.minMax) }
        let count = trainer.layout.entries.count { $0.kind == .weight }
        let full = trainer.layout.weightByteCount(bits: [Int](repeating: 8, count: count))
        let budget = Int(Double(full) * share)
        let choice = try PrecisionSearch().choose(
            trainer, parameters: parameters, quantization: FakeQuantization(ranges: ranges), byteBudget: budget,
            on: set,
            indices: Array(0..<24))
        #expect(choice.byteCount <= budget)
        #expect(choice.byteCount == trainer.layout.weightByteCount(bits: choice.layerWeightBits))
        #expect(choice.layerWeightBits.allSatisfy { $0 == 8 } == (share == 1))
        #expect(choice.sensitivities.allSatisfy { $0 >= 0 })
        #expect(throws: TrainingError.self) {
            try PrecisionSearch().choose(
                trainer, parameters: parameters, quantization: FakeQuantization(ranges: ranges), byteBudget: 10,
                on: set, indices: [0])
        }
    }
}
