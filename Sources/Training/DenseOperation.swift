import Tensors

/// `[inputs]` to `[outputs]`: `clamp(W x + b)`, with W `[outputs, inputs]`.
final class DenseOperation: Operation {
    let outputCount: Int
    private let inputCount: Int
    private let weight: Int
    private let bias: Int?
    private let activation: Activation

    init(inputCount: Int, outputCount: Int, weight: Int, bias: Int?, activation: Activation) {
        self.inputCount = inputCount
        self.outputCount = outputCount
        self.weight = weight
        self.bias = bias
        self.activation = activation
    }

    func forward(_ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
        BLAS.multiply(
            rows: pass.batch, columns: outputCount, depth: inputCount, .init(input, stride: inputCount),
            .init(pass.parameters + weight, stride: inputCount, transposed: true), into: output,
            resultStride: outputCount)
        Rows.add(
            bias.map { UnsafePointer(pass.parameters + $0) }, activation, to: output, count: pass.batch,
            columns: outputCount)
    }

    func backward(
        _ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
        _ outputGradient: UnsafeMutablePointer<Float>, _ inputGradient: UnsafeMutablePointer<Float>?
    ) {
        activation.mask(outputGradient, output, count: pass.batch * outputCount)
        BLAS.multiply(
            rows: outputCount, columns: inputCount, depth: pass.batch,
            .init(outputGradient, stride: outputCount, transposed: true), .init(input, stride: inputCount),
            into: pass.gradients + weight, resultStride: inputCount)
        if let bias {
            Rows.sum(outputGradient, count: pass.batch, columns: outputCount, into: pass.gradients + bias)
        }
        guard let inputGradient else { return }
        BLAS.multiply(
            rows: pass.batch, columns: inputCount, depth: outputCount, .init(outputGradient, stride: outputCount),
            .init(pass.parameters + weight, stride: inputCount), into: inputGradient, resultStride: inputCount)
    }
}
