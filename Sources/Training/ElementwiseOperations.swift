/// A clamp that could not be fused into the operation before it.
final class ActivationOperation: Operation {
    let outputCount: Int
    private let activation: Activation

    init(count: Int, activation: Activation) {
        outputCount = count
        self.activation = activation
    }

    func forward(_ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
        output.update(from: input, count: pass.batch * outputCount)
        activation.apply(output, count: pass.batch * outputCount)
    }

    func backward(
        _ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
        _ outputGradient: UnsafeMutablePointer<Float>, _ inputGradient: UnsafeMutablePointer<Float>?
    ) {
        guard let inputGradient else { return }
        activation.mask(outputGradient, output, count: pass.batch * outputCount)
        inputGradient.update(from: outputGradient, count: pass.batch * outputCount)
    }
}

/// `[positions, channels]` in memory to the flat order that models see, channels outermost.
final class FlattenOperation: Operation {
    let outputCount: Int
    private let positions: Int
    private let channels: Int

    init(positions: Int, channels: Int) {
        outputCount = positions * channels
        self.positions = positions
        self.channels = channels
    }

    func forward(_ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
        for sample in 0..<pass.batch {
            Rows.transpose(
                input + sample * outputCount, rows: positions, columns: channels, into: output + sample * outputCount)
        }
    }

    func backward(
        _ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
        _ outputGradient: UnsafeMutablePointer<Float>, _ inputGradient: UnsafeMutablePointer<Float>?
    ) {
        guard let inputGradient else { return }
        for sample in 0..<pass.batch {
            Rows.transpose(
                outputGradient + sample * outputCount, rows: channels, columns: positions,
                into: inputGradient + sample * outputCount)
        }
    }
}
