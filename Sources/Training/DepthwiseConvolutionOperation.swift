import Tensors

/// One filter per channel: `clamp(Σ tap w[c, tap] · x[c, position + tap] + b[c])`, channels side by side in vectors.
final class DepthwiseConvolutionOperation: Operation {
    let outputCount: Int
    private let geometry: SlidingGeometry
    private let weight: Int
    private let bias: Int?
    private let activation: Activation
    /// Filters as `[taps, channels]`, and their gradient.
    private let taps: FloatBuffer
    private let tapGradients: FloatBuffer
    private let padded: FloatBuffer
    private let paddedGradient: FloatBuffer

    init(geometry: SlidingGeometry, weight: Int, bias: Int?, activation: Activation, capacity: Int) {
        self.geometry = geometry
        self.weight = weight
        self.bias = bias
        self.activation = activation
        outputCount = geometry.outputPositions * geometry.channels
        taps = FloatBuffer(count: geometry.depth)
        tapGradients = FloatBuffer(count: geometry.depth)
        padded = FloatBuffer(count: geometry.isPadded ? capacity * geometry.paddedCount : 0)
        paddedGradient = FloatBuffer(count: geometry.isPadded ? geometry.paddedCount : 0)
    }

    private var tapCount: Int { geometry.kernelHeight * geometry.kernelWidth }

    func forward(_ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
        let channels = geometry.channels
        Rows.transpose(pass.parameters + weight, rows: channels, columns: tapCount, into: taps.pointer)
        if geometry.isPadded { geometry.pad(input, samples: pass.batch, into: padded.pointer) }
        let source = geometry.isPadded ? UnsafePointer(padded.pointer) : input
        output.update(repeating: 0, count: pass.batch * outputCount)
        for sample in 0..<pass.batch {
            eachTap { window, position, tap in
                let values = source + sample * geometry.paddedCount + window
                let target = output + sample * outputCount + position
                let filter = taps.pointer + tap
                for c in 0..<channels { target[c] += values[c] * filter[c] }
            }
        }
        Rows.add(
            bias.map { UnsafePointer(pass.parameters + $0) }, activation, to: output,
            count: pass.batch * geometry.outputPositions, columns: channels)
    }

    func backward(
        _ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
        _ outputGradient: UnsafeMutablePointer<Float>, _ inputGradient: UnsafeMutablePointer<Float>?
    ) {
        let channels = geometry.channels
        activation.mask(outputGradient, output, count: pass.batch * outputCount)
        if let bias {
            Rows.sum(
                outputGradient, count: pass.batch * geometry.outputPositions, columns: channels,
                into: pass.gradients + bias)
        }
        let source = geometry.isPadded ? UnsafePointer(padded.pointer) : input
        tapGradients.pointer.update(repeating: 0, count: geometry.depth)
        for sample in 0..<pass.batch {
            eachTap { window, position, tap in
                let values = source + sample * geometry.paddedCount + window
                let gradient = outputGradient + sample * outputCount + position
                let target = tapGradients.pointer + tap
                for c in 0..<channels { target[c] += values[c] * gradient[c] }
            }
            if let inputGradient {
                propagate(
                    outputGradient + sample * outputCount, to: inputGradient + sample * geometry.inputCount)
            }
        }
        Rows.transpose(tapGradients.pointer, rows: tapCount, columns: channels, into: pass.gradients + weight)
    }

    private func propagate(_ gradient: UnsafePointer<Float>, to inputGradient: UnsafeMutablePointer<Float>) {
        let channels = geometry.channels
        let base = geometry.isPadded ? paddedGradient.pointer : inputGradient
        base.update(repeating: 0, count: geometry.paddedCount)
        eachTap { window, position, tap in
            let target = base + window
            let source = gradient + position
            let filter = taps.pointer + tap
            for c in 0..<channels { target[c] += source[c] * filter[c] }
        }
        if geometry.isPadded { geometry.crop(base, samples: 1, into: inputGradient) }
    }

    /// Calls `body` for every output position and tap with the first elements of the padded input, the output and the
    /// filter.
    @inline(__always)
    private func eachTap(_ body: (_ window: Int, _ position: Int, _ tap: Int) -> Void) {
        for position in 0..<geometry.outputPositions {
            let first = geometry.windowStart(position)
            var tap = 0
            geometry.eachTap { offset in
                body(first + offset, position * geometry.channels, tap)
                tap += geometry.channels
            }
        }
    }
}
