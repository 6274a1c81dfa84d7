import Tensors

/// Operations one behind the other, with one arena for the tensors in between.
final class SequentialOperation: Operation {
    let outputCount: Int
    private let inputCount: Int
    private let steps: [any Operation]
    private let capacity: Int
    /// Start of each step's output in the arena; the last step writes to the caller's memory.
    private let offsets: [Int]
    private let activations: FloatBuffer
    private let firstGradient: FloatBuffer
    private let secondGradient: FloatBuffer

    init(inputCount: Int, steps: [any Operation], capacity: Int) {
        self.inputCount = inputCount
        self.steps = steps
        self.capacity = capacity
        outputCount = steps.last?.outputCount ?? inputCount
        var offsets: [Int] = []
        var end = 0
        var largest = 0
        for step in steps.dropLast() {
            offsets.append(end)
            end += capacity * step.outputCount + FloatBuffer.slack
            largest = max(largest, step.outputCount)
        }
        self.offsets = offsets
        activations = FloatBuffer(count: end)
        firstGradient = FloatBuffer(count: capacity * largest)
        secondGradient = FloatBuffer(count: capacity * largest)
    }

    func forward(_ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
        guard !steps.isEmpty else {
            output.update(from: input, count: pass.batch * inputCount)
            return
        }
        var source = input
        for (index, step) in steps.enumerated() {
            let target = index < offsets.count ? activations.pointer + offsets[index] : output
            step.forward(pass, source, target)
            source = UnsafePointer(target)
        }
    }

    func backward(
        _ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
        _ outputGradient: UnsafeMutablePointer<Float>, _ inputGradient: UnsafeMutablePointer<Float>?
    ) {
        guard !steps.isEmpty else {
            inputGradient?.update(from: outputGradient, count: pass.batch * inputCount)
            return
        }
        var gradient = outputGradient
        for index in steps.indices.reversed() {
            let source = index > 0 ? UnsafePointer(activations.pointer + offsets[index - 1]) : input
            let result = index < offsets.count ? UnsafePointer(activations.pointer + offsets[index]) : output
            let spare = gradient == firstGradient.pointer ? secondGradient.pointer : firstGradient.pointer
            let target = index > 0 ? spare : inputGradient
            steps[index].backward(pass, source, result, gradient, target)
            gradient = spare
        }
    }
}
