import Tensors
import Testing
import Training

struct DistillerTests {
    static let hint = DistillationPlan.Hint(teacher: "3.residual", student: "3.residual")
    static let training = LocalTrainingPlan(epochs: 12, batchSize: 8, learningRate: 0.02, momentum: 0.9)
    static let plans: [DistillationPlan] = [
        DistillationPlan(training: training),
        DistillationPlan(training: training, labelWeight: 0, logitWeight: 1, temperature: 2),
        DistillationPlan(training: training, hint: hint, featureWeight: 1),
        DistillationPlan(training: training, hint: hint, distanceWeight: 1, angleWeight: 2),
        DistillationPlan(training: training, labelWeight: 0, logitWeight: 0, hint: hint, featureWeight: 1),
    ]

    static func agreement(_ left: [Float], _ right: [Float], classes: Int) -> Double {
        func winners(_ logits: [Float]) -> [Int] {
            stride(from: 0, to: logits.count, by: classes).map { row in
                (0..<classes).max { logits[row + $0] < logits[row + $1] } ?? 0
            }
        }
        let pairs = zip(winners(left), winners(right))
        return Double(pairs.count { $0 == $1 }) / Double(left.count / classes)
    }

    @Test(arguments: plans.indices)
    func lossFallsAndCallsRepeat(index: Int) throws {
        let (spec, teacher, set) = try FakeQuantizationTests.trained("resnet8")
        let small = try spec.pruningChannels(teacher, ChannelPruning(target: .channels(0.5)))
        let distiller = try Distiller(teacher: spec, student: small.spec, maximumBatchSize: 8)
        func run(_ epochs: Int) throws -> ([Float], TrainingOutcome) {
            var parameters = small.parameters
            var plan = Self.plans[index]
            plan.training.epochs = epochs
            let outcome = try distiller.train(
                teacherParameters: teacher, studentParameters: &parameters, on: set, indices: Array(0..<24), plan: plan,
                seed: Seed(1))
            return (parameters, outcome)
        }
        let (first, last) = (try run(1), try run(12))
        #expect(last.1.meanLoss < first.1.meanLoss)
        let again = try run(12)
        #expect(last == again)
    }

    @Test func studentAgreesWithItsTeacherWithoutLabels() throws {
        let (spec, teacher, real) = try FakeQuantizationTests.trained("resnet8")
        let set = try TrainingSet(
            inputs: real.inputs, labels: [Int32](repeating: 0, count: 24), elementCount: real.elementCount)
        let small = try spec.pruningChannels(teacher, ChannelPruning(target: .channels(0.75)))
        var parameters = small.parameters
        var plan = Self.plans[1]
        plan.training.epochs = 30
        _ = try Distiller(teacher: spec, student: small.spec, maximumBatchSize: 8).train(
            teacherParameters: teacher, studentParameters: &parameters, on: set, indices: Array(0..<24), plan: plan,
            seed: Seed(1))
        let expected = try Trainer(spec: spec, maximumBatchSize: 24).logits(
            parameters: teacher, on: set, indices: Array(0..<24))
        let actual = try Trainer(spec: small.spec, maximumBatchSize: 24).logits(
            parameters: parameters, on: set, indices: Array(0..<24))
        #expect(Self.agreement(expected, actual, classes: 3) > 0.9)
    }

    @Test func hintsThatDoNotFitAreRefused() throws {
        let (spec, teacher, set) = try FakeQuantizationTests.trained("resnet8")
        let distiller = try Distiller(teacher: spec, student: spec, maximumBatchSize: 8)
        var wrong = [Self.plans[2], Self.plans[2], Self.plans[2], Self.plans[0], Self.plans[0]]
        wrong[0].hint?.student = "4.relu"
        wrong[1].hint?.student = "5.residual"
        wrong[2].training.quantizationAware = FakeQuantization()
        wrong[3].temperature = 0
        wrong[4].featureWeight = 1
        for plan in wrong {
            var parameters = teacher
            #expect(throws: TrainingError.self) {
                try distiller.train(
                    teacherParameters: teacher, studentParameters: &parameters, on: set, indices: [0, 1], plan: plan,
                    seed: Seed(1))
            }
        }
        let other = try ModelSpec.builtIn("linear", inputShape: FakeQuantizationTests.shape, classCount: 4)
        #expect(throws: TrainingError.self) { try Distiller(teacher: spec, student: other, maximumBatchSize: 8) }
    }
}

struct InputSynthesizerTests {
    @Test(arguments: ["resnet8", "dscnn", "linear"])
    func modelSeesTheClassesItWasAskedFor(name: String) throws {
        let (spec, parameters, _) = try FakeQuantizationTests.trained(name)
        let synthesizer = InputSynthesizer(batchSize: 12, steps: 60, range: ActivationRange(low: -2, high: 3))
        let set = try synthesizer.samples(20, spec: spec, parameters: parameters, seed: Seed(1))
        #expect(set.sampleCount == 24)
        #expect(set.inputs.allSatisfy { $0 >= -2 && $0 <= 3 })
        let result = try Trainer(spec: spec, maximumBatchSize: 24).evaluate(parameters: parameters, on: set)
        #expect(result.accuracy > 0.7)
        #expect(try synthesizer.samples(20, spec: spec, parameters: parameters, seed: Seed(1)).inputs == set.inputs)
    }

    @Test func statisticsComeCloser() throws {
        let (spec, parameters, _) = try FakeQuantizationTests.trained("resnet8")
        func gap(_ steps: Int) throws -> Float {
            let synthesizer = InputSynthesizer(
                batchSize: 24, steps: steps, learningRate: steps == 1 ? 1e-9 : 0.05, classWeight: 0, deviation: 3)
            let set = try synthesizer.samples(24, spec: spec, parameters: parameters, seed: Seed(1))
            var moved = parameters
            let trainer = try Trainer(spec: spec, maximumBatchSize: 24)
            // A training pass moves running statistics a tenth of the way to the batch's.
            _ = try trainer.gradient(parameters: &moved, on: set, indices: Array(0..<24))
            return trainer.layout.entries.filter { $0.kind == .statistic }.reduce(0) { sum, entry in
                sum + zip(moved[entry.range], parameters[entry.range]).reduce(0) { $0 + abs($1.0 - $1.1) }
            }
        }
        let (moved, unmoved) = (try gap(80), try gap(1))
        #expect(moved < 0.7 * unmoved)
    }

    @Test func tokensAndBadSettingsAreRefused() throws {
        let tokens = try ModelSpec.builtIn("gru-chars", inputShape: [6], classCount: 5)
        #expect(throws: TrainingError.self) {
            try InputSynthesizer().samples(
                2, spec: tokens, parameters: tokens.initialParameters(seed: Seed(1)), seed: Seed(1))
        }
        let (spec, parameters, _) = try FakeQuantizationTests.trained("linear")
        for synthesizer in [InputSynthesizer(batchSize: 1), .init(steps: 0), .init(deviation: 0)] {
            #expect(throws: TrainingError.self) {
                try synthesizer.samples(2, spec: spec, parameters: parameters, seed: Seed(1))
            }
        }
    }
}
