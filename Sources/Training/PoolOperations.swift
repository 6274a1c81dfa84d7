/// Largest of each window and channel, with windows that may overlap.
final class MaxPoolOperation: Operation {
    let outputCount: Int
    private let geometry: SlidingGeometry
    /// The input element that each output came from, `[batch, outputs]`.
    private let winners: IndexBuffer

    init(geometry: SlidingGeometry, capacity: Int) {
        self.geometry = geometry
        outputCount = geometry.outputPositions * geometry.channels
        winners = IndexBuffer(count: capacity * outputCount)
    }

    func forward(_ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
        for sample in 0..<pass.batch {
            let source = input + sample * geometry.inputCount
            for position in 0..<geometry.outputPositions {
                let first = geometry.windowStart(position)
                for channel in 0..<geometry.channels {
                    var winner = first + channel
                    geometry.eachTap { offset in
                        if !(source[first + offset + channel] <= source[winner]) { winner = first + offset + channel }
                    }
                    let index = sample * outputCount + position * geometry.channels + channel
                    output[index] = source[winner]
                    winners.pointer[index] = Int32(truncatingIfNeeded: winner)
                }
            }
        }
    }

    func backward(
        _ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
        _ outputGradient: UnsafeMutablePointer<Float>, _ inputGradient: UnsafeMutablePointer<Float>?
    ) {
        guard let inputGradient else { return }
        inputGradient.update(repeating: 0, count: pass.batch * geometry.inputCount)
        for sample in 0..<pass.batch {
            let target = inputGradient + sample * geometry.inputCount
            for index in sample * outputCount..<(sample + 1) * outputCount {
                target[Int(winners.pointer[index])] += outputGradient[index]
            }
        }
    }
}

/// Mean of each window and channel.
final class AveragePoolOperation: Operation {
    let outputCount: Int
    private let geometry: SlidingGeometry

    init(geometry: SlidingGeometry) {
        self.geometry = geometry
        outputCount = geometry.outputPositions * geometry.channels
    }

    func forward(_ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
        let factor = 1 / Float(geometry.kernelHeight * geometry.kernelWidth)
        output.update(repeating: 0, count: pass.batch * outputCount)
        eachWindow(pass.batch) { target, first in
            geometry.eachTap { offset in
                let source = input + first + offset
                for channel in 0..<geometry.channels { output[target + channel] += source[channel] }
            }
            for channel in 0..<geometry.channels { output[target + channel] *= factor }
        }
    }

    func backward(
        _ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
        _ outputGradient: UnsafeMutablePointer<Float>, _ inputGradient: UnsafeMutablePointer<Float>?
    ) {
        guard let inputGradient else { return }
        let factor = 1 / Float(geometry.kernelHeight * geometry.kernelWidth)
        inputGradient.update(repeating: 0, count: pass.batch * geometry.inputCount)
        eachWindow(pass.batch) { source, first in
            geometry.eachTap { offset in
                let target = inputGradient + first + offset
                for channel in 0..<geometry.channels { target[channel] += outputGradient[source + channel] * factor }
            }
        }
    }

    private func eachWindow(_ batch: Int, _ body: (_ output: Int, _ input: Int) -> Void) {
        for sample in 0..<batch {
            for position in 0..<geometry.outputPositions {
                body(
                    sample * outputCount + position * geometry.channels,
                    sample * geometry.inputCount + geometry.windowStart(position))
            }
        }
    }
}

extension SlidingGeometry {
    /// First element of a window in a padded sample.
    @inline(__always)
    func windowStart(_ position: Int) -> Int {
        let (y, x) = position.quotientAndRemainder(dividingBy: outputWidth)
        return (y * rowStride + x * channels) * stride
    }

    /// Calls `body` with the distance of each tap from the window's first element.
    @inline(__always)
    func eachTap(_ body: (_ offset: Int) -> Void) {
        for y in 0..<kernelHeight {
            for x in 0..<kernelWidth { body(y * rowStride + x * channels) }
        }
    }
}
