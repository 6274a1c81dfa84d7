import Tensors

/// `body(x) + shortcut(x)` (He et al. 2016, arXiv:1512.03385).
final class ResidualOperation: Operation {
    let outputCount: Int
    private let inputCount: Int
    private let body: SequentialOperation
    private let shortcut: SequentialOperation
    private let bodyOutput: FloatBuffer
    private let shortcutOutput: FloatBuffer
    private let gradient: FloatBuffer
    private let shortcutGradient: FloatBuffer

    init(inputCount: Int, body: SequentialOperation, shortcut: SequentialOperation, capacity: Int) {
        self.inputCount = inputCount
        self.body = body
        self.shortcut = shortcut
        outputCount = body.outputCount
        bodyOutput = FloatBuffer(count: capacity * body.outputCount)
        shortcutOutput = FloatBuffer(count: capacity * body.outputCount)
        gradient = FloatBuffer(count: capacity * body.outputCount)
        shortcutGradient = FloatBuffer(count: capacity * inputCount)
    }

    func forward(_ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
        body.forward(pass, input, bodyOutput.pointer)
        shortcut.forward(pass, input, shortcutOutput.pointer)
        let (left, right) = (bodyOutput.pointer, shortcutOutput.pointer)
        for i in 0..<pass.batch * outputCount { output[i] = left[i] + right[i] }
    }

    func backward(
        _ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
        _ outputGradient: UnsafeMutablePointer<Float>, _ inputGradient: UnsafeMutablePointer<Float>?
    ) {
        gradient.pointer.update(from: outputGradient, count: pass.batch * outputCount)
        body.backward(pass, input, bodyOutput.pointer, gradient.pointer, inputGradient)
        let other = inputGradient == nil ? nil : shortcutGradient.pointer
        shortcut.backward(pass, input, shortcutOutput.pointer, outputGradient, other)
        guard let inputGradient, let other else { return }
        for i in 0..<pass.batch * inputCount { inputGradient[i] += other[i] }
    }
}
