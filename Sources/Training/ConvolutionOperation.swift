import Tensors

/// Convolution by window matrices and GEMM, `clamp(W * x + b)`, a few samples at a time so that the matrix stays in
/// cache (Chellapilla, Puri, Simard 2006, "High performance convolutional neural networks for document processing").
final class ConvolutionOperation: Operation {
    let outputCount: Int
    private let geometry: SlidingGeometry
    private let bank: FilterBank
    private let weight: Int
    private let bias: Int?
    private let activation: Activation
    private let chunk: Int
    private let columns: FloatBuffer
    private let columnGradients: FloatBuffer
    private let padded: FloatBuffer
    private let windows: FloatBuffer

    init(geometry: SlidingGeometry, out: Int, weight: Int, bias: Int?, activation: Activation, capacity: Int) {
        self.geometry = geometry
        bank = FilterBank(out: out, geometry: geometry)
        outputCount = geometry.outputPositions * out
        self.weight = weight
        self.bias = bias
        self.activation = activation
        let windowCount = geometry.outputPositions * geometry.depth
        chunk = geometry.isPointwise ? capacity : min(capacity, max(1, 65_536 / windowCount))
        columns = FloatBuffer(count: geometry.depth * out)
        columnGradients = FloatBuffer(count: geometry.depth * out)
        padded = FloatBuffer(count: geometry.paddedCount)
        windows = FloatBuffer(count: geometry.isPointwise ? 0 : chunk * windowCount)
    }

    func forward(_ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
        bank.columns(of: pass.parameters + weight, into: columns.pointer)
        eachChunk(pass.batch) { first, count in
            let matrix = unfold(input + first * geometry.inputCount, samples: count)
            let target = output + first * outputCount
            BLAS.multiply(
                rows: count * geometry.outputPositions, columns: bank.out, depth: geometry.depth,
                .init(matrix, stride: geometry.depth), .init(columns.pointer, stride: bank.out), into: target,
                resultStride: bank.out)
            Rows.add(
                bias.map { UnsafePointer(pass.parameters + $0) }, activation, to: target,
                count: count * geometry.outputPositions, columns: bank.out)
        }
    }

    func backward(
        _ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
        _ outputGradient: UnsafeMutablePointer<Float>, _ inputGradient: UnsafeMutablePointer<Float>?
    ) {
        activation.mask(outputGradient, output, count: pass.batch * outputCount)
        if let bias {
            Rows.sum(
                outputGradient, count: pass.batch * geometry.outputPositions, columns: bank.out,
                into: pass.gradients + bias)
        }
        eachChunk(pass.batch) { first, count in
            let matrix = unfold(input + first * geometry.inputCount, samples: count)
            let gradient = outputGradient + first * outputCount
            let rows = count * geometry.outputPositions
            BLAS.multiply(
                rows: geometry.depth, columns: bank.out, depth: rows,
                .init(matrix, stride: geometry.depth, transposed: true), .init(gradient, stride: bank.out),
                keep: first == 0 ? 0 : 1, into: columnGradients.pointer, resultStride: bank.out)
            if let inputGradient {
                propagate(gradient, samples: count, to: inputGradient + first * geometry.inputCount)
            }
        }
        bank.weight(fromColumns: columnGradients.pointer, into: pass.gradients + weight)
    }

    private func eachChunk(_ batch: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
        for first in stride(from: 0, to: batch, by: chunk) { body(first, min(chunk, batch - first)) }
    }

    /// The window matrix of some samples, `[samples × positions, depth]`.
    private func unfold(_ input: UnsafePointer<Float>, samples: Int) -> UnsafePointer<Float> {
        if geometry.isPointwise { return input }
        for sample in 0..<samples {
            var source = input + sample * geometry.inputCount
            if geometry.isPadded {
                geometry.pad(source, samples: 1, into: padded.pointer)
                source = UnsafePointer(padded.pointer)
            }
            geometry.unfold(
                source, rows: geometry.outputHeight, columns: geometry.outputWidth,
                into: windows.pointer + sample * geometry.outputPositions * geometry.depth)
        }
        return UnsafePointer(windows.pointer)
    }

    /// Gradient of the input; the window matrix is used up for it.
    private func propagate(
        _ gradient: UnsafePointer<Float>, samples: Int, to inputGradient: UnsafeMutablePointer<Float>
    ) {
        let result = geometry.isPointwise ? inputGradient : windows.pointer
        BLAS.multiply(
            rows: samples * geometry.outputPositions, columns: geometry.depth, depth: bank.out,
            .init(gradient, stride: bank.out), .init(columns.pointer, stride: bank.out, transposed: true), into: result,
            resultStride: geometry.depth)
        guard !geometry.isPointwise else { return }
        for sample in 0..<samples {
            let source = windows.pointer + sample * geometry.outputPositions * geometry.depth
            let target = inputGradient + sample * geometry.inputCount
            guard geometry.isPadded else {
                target.update(repeating: 0, count: geometry.inputCount)
                geometry.fold(source, addingTo: target)
                continue
            }
            padded.pointer.update(repeating: 0, count: geometry.paddedCount)
            geometry.fold(source, addingTo: padded.pointer)
            geometry.crop(padded.pointer, samples: 1, into: target)
            padded.pointer.update(repeating: 0, count: geometry.paddedCount)
        }
    }
}
