import Tensors

/// Batch norm over the rows `[batch × positions, channels]`, then a clamp: `clamp(γ (x − μ)/√(σ² + ε) + β)` (Ioffe, Szegedy
/// 2015, arXiv:1502.03167).
///
/// In training μ and σ² are those of the batch, and the running statistics move towards them by `momentum`, the
/// variance by its unbiased estimate. Otherwise the running statistics are used.
final class BatchNormOperation: Operation {
    /// Added to the variance.
    static let epsilon = LayerSpec.batchNormEpsilon
    /// Share of the batch in the running statistics.
    static let momentum: Float = 0.1

    let outputCount: Int
    private let channels: Int
    private let positions: Int
    private let tensors: BatchNormTensors
    private let activation: Activation
    /// Per channel: mean and 1/√(σ² + ε) of the last forward pass, then two sums of the backward pass.
    private let scratch: FloatBuffer
    private let sums: DoubleSums

    init(channels: Int, positions: Int, tensors: BatchNormTensors, activation: Activation) {
        outputCount = channels * positions
        self.channels = channels
        self.positions = positions
        self.tensors = tensors
        self.activation = activation
        scratch = FloatBuffer(count: 4 * channels)
        sums = DoubleSums(count: channels)
    }

    private var mean: UnsafeMutablePointer<Float> { scratch.pointer }
    private var inverse: UnsafeMutablePointer<Float> { scratch.pointer + channels }
    private var factor: UnsafeMutablePointer<Float> { scratch.pointer + 2 * channels }
    private var shift: UnsafeMutablePointer<Float> { scratch.pointer + 3 * channels }

    func forward(_ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
        let rows = pass.batch * positions
        if pass.isTraining {
            measure(input, rows: rows, running: pass.parameters)
        } else {
            for channel in 0..<channels {
                mean[channel] = pass.parameters[tensors.mean + channel]
                inverse[channel] = 1 / (pass.parameters[tensors.variance + channel] + Self.epsilon).squareRoot()
            }
        }
        let (factor, shift, mean) = (factor, shift, mean)
        for channel in 0..<channels {
            factor[channel] = inverse[channel] * pass.parameters[tensors.scale + channel]
            shift[channel] = pass.parameters[tensors.shift + channel]
        }
        for row in 0..<rows {
            let source = input + row * channels
            let target = output + row * channels
            for channel in 0..<channels {
                target[channel] = (source[channel] - mean[channel]) * factor[channel] + shift[channel]
            }
        }
        activation.apply(output, count: rows * channels)
    }

    /// Mean and variance of the batch in two passes, summed in double precision.
    private func measure(_ input: UnsafePointer<Float>, rows: Int, running: UnsafeMutablePointer<Float>) {
        let mean = mean
        sums.clear()
        for row in 0..<rows { sums.add(input + row * channels) }
        for channel in 0..<channels { mean[channel] = Float(sums[channel] / Double(rows)) }
        sums.clear()
        for row in 0..<rows { sums.addSquares(input + row * channels, around: mean) }
        for channel in 0..<channels {
            let variance = sums[channel] / Double(rows)
            inverse[channel] = 1 / (Float(variance) + Self.epsilon).squareRoot()
            let unbiased = rows > 1 ? Float(sums[channel] / Double(rows - 1)) : Float(variance)
            running[tensors.mean + channel] += Self.momentum * (mean[channel] - running[tensors.mean + channel])
            running[tensors.variance + channel] +=
                Self.momentum * (unbiased - running[tensors.variance + channel])
        }
    }

    func backward(
        _ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
        _ outputGradient: UnsafeMutablePointer<Float>, _ inputGradient: UnsafeMutablePointer<Float>?
    ) {
        let rows = pass.batch * positions
        activation.mask(outputGradient, output, count: rows * channels)
        let scaleGradient = pass.gradients + tensors.scale
        let shiftGradient = pass.gradients + tensors.shift
        let (mean, inverse, factor) = (mean, inverse, factor)
        sums.clear()
        for row in 0..<rows { sums.add(outputGradient + row * channels) }
        for channel in 0..<channels { shiftGradient[channel] = Float(sums[channel]) }
        sums.clear()
        for row in 0..<rows {
            sums.addProducts(outputGradient + row * channels, input + row * channels, around: mean)
        }
        for channel in 0..<channels { scaleGradient[channel] = Float(sums[channel]) * inverse[channel] }
        guard let inputGradient else { return }
        guard pass.isTraining else {
            // Running statistics do not depend on the input.
            for row in 0..<rows {
                let (gradient, target) = (outputGradient + row * channels, inputGradient + row * channels)
                for channel in 0..<channels { target[channel] = factor[channel] * gradient[channel] }
            }
            return
        }
        // dx = factor · (dy − mean(dy) − x̂ · mean(dy · x̂))
        let share = 1 / Float(rows)
        for row in 0..<rows {
            let source = input + row * channels
            let gradient = outputGradient + row * channels
            let target = inputGradient + row * channels
            for channel in 0..<channels {
                let normal = (source[channel] - mean[channel]) * inverse[channel]
                let pull = (shiftGradient[channel] + normal * scaleGradient[channel]) * share
                target[channel] = factor[channel] * (gradient[channel] - pull)
            }
        }
    }
}

/// Where the tensors of a batch norm start in the parameter vector.
struct BatchNormTensors {
    let scale: Int
    let shift: Int
    let mean: Int
    let variance: Int
}

/// Column sums in double precision: float sums over all positions of a batch would lose digits.
struct DoubleSums: ~Copyable {
    private let count: Int
    private let values: UnsafeMutablePointer<Double>

    init(count: Int) {
        self.count = count
        values = .allocate(capacity: count)
        values.initialize(repeating: 0, count: count)
    }

    deinit { values.deallocate() }

    subscript(column: Int) -> Double { values[column] }

    func clear() { values.update(repeating: 0, count: count) }

    @inline(__always)
    func add(_ row: UnsafePointer<Float>) {
        for i in 0..<count { values[i] += Double(row[i]) }
    }

    @inline(__always)
    func addSquares(_ row: UnsafePointer<Float>, around center: UnsafePointer<Float>) {
        for i in 0..<count {
            let difference = Double(row[i] - center[i])
            values[i] += difference * difference
        }
    }

    @inline(__always)
    func addProducts(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, around center: UnsafePointer<Float>) {
        for i in 0..<count { values[i] += Double(left[i]) * Double(right[i] - center[i]) }
    }
}
