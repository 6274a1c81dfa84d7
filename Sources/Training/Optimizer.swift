import Foundation
import Tensors

/// Turns gradients into steps; its state is allocated once and cleared for each local training.
final class Optimizer {
    private let plainRanges: [Range<Int>]
    private let count: Int
    private let first: FloatBuffer
    private let start: FloatBuffer
    /// Second moments; as long as the model only where Adam was asked for once.
    private var second = FloatBuffer(count: 0)
    private var plan = LocalTrainingPlan()
    private var step = 0

    init(layout: ParameterLayout) {
        count = layout.count
        first = FloatBuffer(count: layout.count)
        start = FloatBuffer(count: layout.count)
        plainRanges = Self.trainedRanges(layout)
    }

    /// Ranges without statistics, neighbours joined.
    private static func trainedRanges(_ layout: ParameterLayout) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        for entry in layout.entries where entry.kind != .statistic {
            if let last = ranges.last, last.upperBound == entry.range.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<entry.range.upperBound
            } else {
                ranges.append(entry.range)
            }
        }
        return ranges
    }

    func reset(_ plan: LocalTrainingPlan, parameters: UnsafePointer<Float>) {
        self.plan = plan
        step = 0
        first.pointer.update(repeating: 0, count: count)
        if plan.proximal > 0 { start.pointer.update(from: parameters, count: count) }
        guard plan.optimizer == .adam else { return }
        if second.count == 0 { second = FloatBuffer(count: count) }
        second.pointer.update(repeating: 0, count: count)
    }

    func step(_ parameters: UnsafeMutablePointer<Float>, _ gradients: UnsafeMutablePointer<Float>) {
        step += 1
        for whole in plainRanges {
            let range = whole.clamped(to: min(plan.firstParameter, count)..<count)
            if plan.weightDecay > 0 || plan.proximal > 0 { pull(range, parameters, gradients) }
            switch plan.optimizer {
            case .sgd where plan.momentum > 0: momentumStep(range, parameters, gradients)
            case .sgd: for i in range { parameters[i] -= plan.learningRate * gradients[i] }
            case .adam: adamStep(range, parameters, gradients)
            }
        }
    }

    /// Weight decay and the proximal term, both as part of the gradient.
    private func pull(
        _ range: Range<Int>, _ parameters: UnsafePointer<Float>, _ gradients: UnsafeMutablePointer<Float>
    ) {
        let (decay, proximal) = (plan.weightDecay, plan.proximal)
        if decay > 0 {
            for i in range { gradients[i] += decay * parameters[i] }
        }
        if proximal > 0 {
            let start = start.pointer
            for i in range { gradients[i] += proximal * (parameters[i] - start[i]) }
        }
    }

    private func momentumStep(
        _ range: Range<Int>, _ parameters: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>
    ) {
        let (momentum, rate, velocity) = (plan.momentum, plan.learningRate, first.pointer)
        for i in range {
            let moved = momentum * velocity[i] + gradients[i]
            velocity[i] = moved
            parameters[i] -= rate * moved
        }
    }

    private func adamStep(
        _ range: Range<Int>, _ parameters: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>
    ) {
        let beta1: Float = plan.momentum > 0 ? plan.momentum : 0.9
        let beta2: Float = 0.999
        let rate = plan.learningRate / (1 - pow(beta1, Float(step)))
        let scale = 1 / (1 - pow(beta2, Float(step))).squareRoot()
        let (mean, square) = (first.pointer, second.pointer)
        for i in range {
            let gradient = gradients[i]
            mean[i] = beta1 * mean[i] + (1 - beta1) * gradient
            square[i] = beta2 * square[i] + (1 - beta2) * gradient * gradient
            parameters[i] -= rate * mean[i] / (square[i].squareRoot() * scale + 1e-8)
        }
    }
}
