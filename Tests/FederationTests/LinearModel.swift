import Federation
import Messages
import Quantization
import Tensors

/// A model without layers whose training draws its parameters half-way to a target of the client's own.
struct LinearModel {
    /// Tensors whose activations clients count.
    static let pointCount = 2
    let layout: ParameterLayout

    /// A weight of `rows` × `columns`, a vector and a statistic of `rows`.
    init(rows: Int = 4, columns: Int = 3) throws {
        layout = try ParameterLayout([
            ("0/weight", [rows, columns], .weight), ("0/bias", [rows], .vector), ("0/mean", [rows], .statistic),
        ])
    }

    /// Version 0.
    func initial(seed: UInt64) -> [Float] { values(Seed(seed).derived("init")) }

    /// Half of the way to the client's target, and a little noise from the task's seed.
    func train(_ task: TrainingTask, client: Int) -> TrainingResult {
        let target = values(Seed(99).derived("target", client))
        var random = SeededRandom(task.seed)
        let trained = zip(task.parameters, target).map { $0 + 0.5 * ($1 - $0) + 0.01 * (random.unitFloat() - 0.5) }
        var activations: [ActivationHistogram] = []
        if task.plan.calibrates(in: task.round) {
            activations = (0..<Self.pointCount).map { point in
                var histogram = ActivationHistogram()
                histogram.add([Float](repeating: Float(point + client + 1), count: 10))
                return histogram
            }
        }
        return TrainingResult(
            parameters: trained, sampleCount: 10 + client, meanLoss: 1 / Float(task.round), activations: activations)
    }

    private func values(_ seed: Seed) -> [Float] {
        var random = SeededRandom(seed)
        return (0..<layout.count).map { _ in random.unitFloat() - 0.5 }
    }
}
