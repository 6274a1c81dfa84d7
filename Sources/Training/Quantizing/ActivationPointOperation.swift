import Quantization
import Tensors

/// Stands where a tensor is quantized: counts what passes, or rounds it as the integer model would.
///
/// The gradient passes straight through where a value is within the range and stops where it is clipped.
final class ActivationPointOperation: Operation {
    enum Mode {
        /// Values pass unchanged and are counted.
        case observing
        /// Values are rounded in this many bits; the range moves by the rule in training.
        case rounding(bits: Int, rule: FakeQuantization.RangeRule)
    }

    /// Share of a batch in the moving average.
    static let momentum: Float = 0.05

    let outputCount: Int
    var mode = Mode.observing
    var histogram = ActivationHistogram()
    private var low: Float = 0
    private var high: Float = 0
    private var isMeasured = false
    private var grid = ActivationRange(low: 0, high: 0).grid(bits: 8)
    /// Gradient of the mean loss by either end, of the last backward pass.
    private var endGradients: (low: Float, high: Float) = (0, 0)
    private var lastCount = 0

    init(count: Int) { outputCount = count }

    var range: ActivationRange { ActivationRange(low: low, high: high) }

    /// Begins with a range, or with none.
    func begin(_ range: ActivationRange?) {
        low = range?.low ?? 0
        high = range?.high ?? 0
        isMeasured = range != nil
        endGradients = (0, 0)
        lastCount = 0
    }

    func forward(_ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
        let count = pass.batch * outputCount
        output.update(from: input, count: count)
        switch mode {
        case .observing: histogram.add(UnsafeBufferPointer(start: input, count: count))
        case .rounding(let bits, let rule):
            if pass.isTraining && rule != .fixed { measure(input, count: count, rule) }
            grid = range.grid(bits: bits)
            round(output, count: count)
        }
    }

    private func measure(_ input: UnsafePointer<Float>, count: Int, _ rule: FakeQuantization.RangeRule) {
        guard !isMeasured || rule == .movingAverage else { return }
        var (least, most) = (Float.zero, Float.zero)
        for index in 0..<count {
            least = min(least, input[index])
            most = max(most, input[index])
        }
        guard least.isFinite, most.isFinite else { return }
        let share = isMeasured ? Self.momentum : 1
        low += share * (least - low)
        high += share * (most - high)
        isMeasured = true
    }

    private func round(_ values: UnsafeMutablePointer<Float>, count: Int) {
        let scale = grid.scale
        let inverse = 1 / scale
        let (below, above) = (SIMD8(repeating: grid.stepsBelow), SIMD8(repeating: grid.stepsAbove))
        Vectors.update(values, count: count) { _, value in
            var steps = value * inverse
            steps = steps.replacing(with: below, where: steps .< below)
            steps = steps.replacing(with: above, where: steps .> above)
            return RoundingTrick.nearest(steps) * scale
        }
    }

    func backward(
        _ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
        _ outputGradient: UnsafeMutablePointer<Float>, _ inputGradient: UnsafeMutablePointer<Float>?
    ) {
        let count = pass.batch * outputCount
        if case .rounding(_, .learned) = mode { addEndGradients(input, outputGradient, count: count) }
        guard let inputGradient else { return }
        inputGradient.update(from: outputGradient, count: count)
        guard case .rounding = mode else { return }
        let low = SIMD8(repeating: (grid.stepsBelow - 0.5) * grid.scale)
        let high = SIMD8(repeating: (grid.stepsAbove + 0.5) * grid.scale)
        Vectors.update(inputGradient, count: count) { index, gradient in
            let value = Vectors.load(input + index)
            return gradient.replacing(with: SIMD8<Float>.zero, where: (value .< low) .| (value .> high))
        }
    }

    /// A clipped value moves with its end; a rounded one by its rounding error, as the step grows (LSQ, section 2.1).
    private func addEndGradients(_ input: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>, count: Int) {
        let inverse = 1 / grid.scale
        let share = 1 / (grid.stepsAbove - grid.stepsBelow)
        var (lowSum, highSum) = (Float.zero, Float.zero)
        for index in 0..<count where gradient[index] != 0 {
            let steps = input[index] * inverse
            if steps < grid.stepsBelow {
                lowSum += gradient[index]
            } else if steps > grid.stepsAbove {
                highSum += gradient[index]
            } else {
                let error = (RoundingTrick.nearest(steps) - steps) * share * gradient[index]
                highSum += error
                lowSum -= error
            }
        }
        endGradients = (lowSum, highSum)
        lastCount = count
    }

    /// Takes a step on a learned range, of a length that does not depend on the size of the tensor.
    func stepRange(learningRate: Float) {
        guard case .rounding(_, .learned) = mode, lastCount > 0, high > low else { return }
        let rate = learningRate / Float(lastCount / max(1, outputCount)).squareRoot()
        let largest = 0.05 * (high - low)
        low = min(0, low - max(-largest, min(largest, rate * endGradients.low)))
        high = max(0, high - max(-largest, min(largest, rate * endGradients.high)))
    }
}
