import Foundation
import Tensors
import Training

/// Prints training samples per second of one built-in model on one thread, as one JSON line: by the wall clock, and by
/// the processor time of the process, which other work on the machine disturbs less.
///
/// Usage: `TrainingSpeed MODEL [BATCH] [SECONDS]`. The counterpart of `training_peer.py`: the same model, batch, optimizer
/// (SGD, momentum 0.9) and random data.
@main
enum TrainingSpeed {
    static let shapes: [String: (input: [Int], classes: Int)] = [
        "cnn-28x28": ([1, 28, 28], 10), "cnn1d-har": ([6, 128], 6), "cnn-fedavg": ([1, 28, 28], 10),
        "cnn1d-gestures": ([3, 64], 6), "resnet8": ([3, 32, 32], 10), "dscnn": ([1, 49, 10], 12),
        "gru-chars": ([80], 65), "linear": ([1, 28, 28], 10),
    ]

    static func main() throws {
        let arguments = CommandLine.arguments
        let name = arguments.count > 1 ? arguments[1] : "cnn-28x28"
        let batch = arguments.count > 2 ? Int(arguments[2]) ?? 32 : 32
        let seconds = arguments.count > 3 ? Double(arguments[3]) ?? 2 : 2
        guard let shape = shapes[name] else {
            throw TrainingError.unknownModel(name: name, known: shapes.keys.sorted())
        }
        let spec = try ModelSpec.builtIn(name, inputShape: shape.input, classCount: shape.classes)
        let set = try randomSet(
            shape.input, classes: shape.classes, sampleCount: batch * 8, isTokens: name == "gru-chars")
        let trainer = try Trainer(spec: spec, maximumBatchSize: batch)
        var parameters = try spec.initialParameters(seed: Seed(1))
        let plan = LocalTrainingPlan(epochs: 1, batchSize: batch, learningRate: 0.01, momentum: 0.9)
        let indices = Array(0..<set.sampleCount)
        _ = try trainer.train(parameters: &parameters, on: set, indices: indices, plan: plan, seed: Seed(0))
        let started = ContinuousClock.now
        let startedProcessor = clock()
        var samples = 0
        var elapsed = 0.0
        repeat {
            _ = try trainer.train(parameters: &parameters, on: set, indices: indices, plan: plan, seed: Seed(0))
            samples += set.sampleCount
            elapsed = (ContinuousClock.now - started) / .seconds(1)
        } while elapsed < seconds
        let processor = Double(clock() - startedProcessor) / Double(CLOCKS_PER_SEC)
        print(
            "{\"model\": \"\(name)\", \"samples_per_second\": \(Double(samples) / elapsed), "
                + "\"samples_per_processor_second\": \(Double(samples) / processor)}")
    }

    static func randomSet(
        _ shape: [Int], classes: Int, sampleCount: Int, isTokens: Bool
    ) throws(TrainingError) -> TrainingSet {
        var random = SeededRandom(Seed(2))
        let elements = shape.reduce(1, *)
        let inputs = (0..<sampleCount * elements).map { _ in
            isTokens ? Float(random.below(classes)) : Float(random.normal())
        }
        let labels = (0..<sampleCount).map { _ in Int32(random.below(classes)) }
        return try TrainingSet(inputs: inputs, labels: labels, elementCount: elements)
    }
}
