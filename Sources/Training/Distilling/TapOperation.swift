import Tensors

/// Lets the output of a layer be read, and a gradient be added to it on the way back.
final class TapOperation: Operation {
    let outputCount: Int
    /// The values of the last forward pass, `[batch, positions, channels]`.
    let values: FloatBuffer
    /// Added to the gradient by the next backward pass and then cleared.
    let extraGradient: FloatBuffer
    let channels: Int

    init(count: Int, channels: Int, capacity: Int) {
        outputCount = count
        self.channels = channels
        values = FloatBuffer(count: capacity * count)
        extraGradient = FloatBuffer(count: capacity * count)
    }

    var positions: Int { outputCount / channels }

    func forward(_ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
        output.update(from: input, count: pass.batch * outputCount)
        values.pointer.update(from: input, count: pass.batch * outputCount)
    }

    func backward(
        _ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
        _ outputGradient: UnsafeMutablePointer<Float>, _ inputGradient: UnsafeMutablePointer<Float>?
    ) {
        let extra = extraGradient.pointer
        if let inputGradient {
            for index in 0..<pass.batch * outputCount { inputGradient[index] = outputGradient[index] + extra[index] }
        }
        extra.update(repeating: 0, count: pass.batch * outputCount)
    }

    /// Means over positions, `[batch, channels]`.
    func embeddings(batch: Int) -> [Float] {
        var means = [Float](repeating: 0, count: batch * channels)
        for sample in 0..<batch {
            for position in 0..<positions {
                let source = values.pointer + (sample * positions + position) * channels
                for channel in 0..<channels { means[sample * channels + channel] += source[channel] }
            }
        }
        let share = 1 / Float(positions)
        return means.map { $0 * share }
    }

    /// Adds a gradient of the embeddings to that of the values.
    func add(embeddingGradient gradient: [Float]) {
        let share = 1 / Float(positions)
        for sample in 0..<gradient.count / channels {
            for position in 0..<positions {
                let target = extraGradient.pointer + (sample * positions + position) * channels
                for channel in 0..<channels { target[channel] += share * gradient[sample * channels + channel] }
            }
        }
    }
}

/// Taps the output of one layer.
final class TapProbe: NetworkProbe {
    private let path: String
    private let capacity: Int
    private(set) var tap: TapOperation?

    init(path: String, capacity: Int) {
        self.path = path
        self.capacity = capacity
    }

    func output(of layer: ResolvedLayer, count: Int) -> (any Operation)? {
        guard layer.path == path else { return nil }
        let made = TapOperation(count: count, channels: layer.outputShape[0], capacity: capacity)
        tap = made
        return made
    }
}
