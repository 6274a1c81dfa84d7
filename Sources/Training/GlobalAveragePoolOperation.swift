/// Mean over all positions: `[positions, channels]` to `[channels]`.
final class GlobalAveragePoolOperation: Operation {
    let outputCount: Int
    private let positions: Int

    init(positions: Int, channels: Int) {
        outputCount = channels
        self.positions = positions
    }

    func forward(_ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
        let factor = 1 / Float(positions)
        for sample in 0..<pass.batch {
            let target = output + sample * outputCount
            Rows.sum(input + sample * positions * outputCount, count: positions, columns: outputCount, into: target)
            for channel in 0..<outputCount { target[channel] *= factor }
        }
    }

    func backward(
        _ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
        _ outputGradient: UnsafeMutablePointer<Float>, _ inputGradient: UnsafeMutablePointer<Float>?
    ) {
        guard let inputGradient else { return }
        let factor = 1 / Float(positions)
        for sample in 0..<pass.batch {
            let source = outputGradient + sample * outputCount
            for channel in 0..<outputCount { source[channel] *= factor }
            for position in 0..<positions {
                (inputGradient + (sample * positions + position) * outputCount).update(from: source, count: outputCount)
            }
        }
    }
}
