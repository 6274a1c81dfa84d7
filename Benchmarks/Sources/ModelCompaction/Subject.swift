import Datasets
import Foundation
import Tensors
import Training

/// A model trained centrally on one of the public data sets, and what every measurement starts from.
struct Subject {
    let name: String
    let spec: ModelSpec
    let train: TrainingSet
    let test: TrainingSet
    let plan: LocalTrainingPlan
    var parameters: [Float] = []
    var accuracy = 0.0

    static let names = ["mnist", "fashion", "har"]

    /// Loads a set below `SWIFTLET_DATA` and trains its model with the settings of the published reference figures.
    init(name: String, seed: Seed) throws {
        let (kind, model, plan): (NamedDataset, String, LocalTrainingPlan) =
            switch name {
            case "mnist":
                (.mnist, "cnn-28x28", LocalTrainingPlan(epochs: 6, batchSize: 64, learningRate: 0.01, momentum: 0.9))
            case "fashion":
                (
                    .fashionMNIST, "cnn-28x28",
                    LocalTrainingPlan(epochs: 8, batchSize: 64, learningRate: 0.01, momentum: 0.9)
                )
            default:
                (.uciHAR, "cnn1d-har", LocalTrainingPlan(epochs: 25, batchSize: 32, learningRate: 0.02, momentum: 0.9))
            }
        let root = ProcessInfo.processInfo.environment["SWIFTLET_DATA"].map { URL(filePath: $0) }
        let data = try DatasetSpec.named(kind.rawValue).load(dataRoot: root, clients: 1, seed: seed)
        self.name = name
        self.plan = plan
        spec = try ModelSpec.builtIn(model, inputShape: data.train.inputShape, classCount: data.train.classCount)
        train = try TrainingSet(
            inputs: data.train.inputs, labels: data.train.labels, elementCount: data.train.inputCount)
        test = try TrainingSet(
            inputs: data.test.inputs, labels: data.test.labels, elementCount: data.test.inputCount)
        let trainer = try Trainer(spec: spec, maximumBatchSize: 256)
        parameters = try spec.initialParameters(seed: seed)
        // The last epochs at a tenth of the rate, so that accuracies differ by what is measured, not by the last step.
        try fit(trainer, &parameters, seed: seed)
        accuracy = try trainer.evaluate(parameters: parameters, on: test).accuracy
    }

    var everySample: [Int] { Array(0..<train.sampleCount) }

    /// The whole training of the subject's model or of a smaller one.
    func fit(_ trainer: Trainer, _ parameters: inout [Float], seed: Seed) throws {
        var plan = plan
        _ = try trainer.train(parameters: &parameters, on: train, indices: everySample, plan: plan, seed: seed)
        plan.epochs = max(1, plan.epochs / 5)
        plan.learningRate /= 10
        _ = try trainer.train(
            parameters: &parameters, on: train, indices: everySample, plan: plan, seed: seed.derived("last"))
    }

    /// Accuracy of a model's integer form, and how many of its answers on the test set fake quantization had wrong.
    func report(
        _ what: String, _ spec: ModelSpec, _ parameters: [Float], _ quantization: FakeQuantization, _ note: String = ""
    ) throws {
        let trainer = try Trainer(spec: spec, maximumBatchSize: 256)
        let fake = try trainer.evaluate(parameters: parameters, quantization: quantization, on: test).accuracy
        let exact = try integerAccuracy(of: spec.quantized(parameters, quantization), on: test)
        report(what, exact, "\(String(format: "%.2f", fake * 100)) in rounded float\(note.isEmpty ? "" : "; ")\(note)")
    }

    func report(_ what: String, _ value: Double, _ note: String = "") {
        let points = (value - accuracy) * 100
        print(
            "| \(name) | \(what) | \(String(format: "%.2f", value * 100)) | \(String(format: "%+.2f", points)) | \(note) |"
        )
        fflush(nil)
    }
}
