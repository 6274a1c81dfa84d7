import Tensors

/// Convolution, clamp and non-overlapping max pooling in one: `maxpool(clamp(W * x + b))`.
///
/// Only the positions that a pool sees are computed, and the full convolution output exists for a few samples at a time.
/// Of each pool one position at most carries a gradient, and none where the clamp took hold, so the backward pass walks
/// the nonzeros instead of multiplying matrices that are mostly zero.
final class PooledConvolutionOperation: Operation {
    let outputCount: Int
    let geometry: SlidingGeometry
    let bank: FilterBank
    let pool: PoolTiling
    let weight: Int
    let bias: Int?
    let activation: Activation
    /// Samples whose window matrix exists at once.
    private let chunk: Int
    /// Samples whose lists of nonzeros exist at once: lists and inputs together stay close in cache.
    let listChunk: Int
    let columns: FloatBuffer
    let rows: FloatBuffer
    let rowGradients: FloatBuffer
    /// The padded inputs of the batch; empty where there is no padding.
    let padded: FloatBuffer
    let paddedGradient: FloatBuffer
    private let windows: FloatBuffer
    private let usesDirectKernel: Bool
    private let direct: DirectConvolution
    let convolved: FloatBuffer
    /// Which position of its pool each output came from, `[batch, pools, out]`.
    let winners: IndexBuffer
    let lists: NonzeroLists

    init(
        geometry: SlidingGeometry, pool: PoolTiling, out: Int, weight: Int, bias: Int?, activation: Activation,
        capacity: Int
    ) {
        self.geometry = geometry
        self.pool = pool
        bank = FilterBank(out: out, geometry: geometry)
        outputCount = pool.count * out
        self.weight = weight
        self.bias = bias
        self.activation = activation
        let windowCount = pool.rows * pool.columns * geometry.depth
        chunk = min(capacity, max(1, 65_536 / windowCount))
        listChunk = min(capacity, max(1, 24_576 / (2 * pool.count * out + geometry.paddedCount)))
        columns = FloatBuffer(count: geometry.depth * out)
        rows = FloatBuffer(count: bank.rowCount * out)
        rowGradients = FloatBuffer(count: bank.rowCount * out)
        padded = FloatBuffer(count: geometry.isPadded ? capacity * geometry.paddedCount : 0)
        paddedGradient = FloatBuffer(count: geometry.isPadded ? geometry.paddedCount : 0)
        usesDirectKernel = DirectConvolution.serves(geometry, out: out)
        direct = DirectConvolution(geometry: geometry, out: out)
        windows = FloatBuffer(count: usesDirectKernel ? 0 : chunk * windowCount)
        convolved = FloatBuffer(count: chunk * pool.rows * pool.columns * out)
        winners = IndexBuffer(count: capacity * outputCount)
        lists = NonzeroLists(
            listCount: max(out, pool.slots), capacity: max(out, listChunk * pool.count))
    }

    func forward(_ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
        bank.columns(of: pass.parameters + weight, into: columns.pointer)
        if geometry.isPadded { geometry.pad(input, samples: pass.batch, into: padded.pointer) }
        let source = geometry.isPadded ? UnsafePointer(padded.pointer) : input
        for first in stride(from: 0, to: pass.batch, by: chunk) {
            let count = min(chunk, pass.batch - first)
            convolve(source + first * geometry.paddedCount, samples: count)
            for sample in 0..<count {
                let target = (first + sample) * outputCount
                pool.reduce(
                    convolved.pointer + sample * pool.rows * pool.columns * bank.out, channels: bank.out,
                    into: output + target, winners: winners.pointer + target)
            }
        }
        Rows.add(
            bias.map { UnsafePointer(pass.parameters + $0) }, activation, to: output, count: pass.batch * pool.count,
            columns: bank.out)
    }

    private func convolve(_ source: UnsafePointer<Float>, samples: Int) {
        let positions = pool.rows * pool.columns
        for sample in 0..<samples {
            if usesDirectKernel {
                direct.convolve(
                    source + sample * geometry.paddedCount, filters: columns.pointer, rows: pool.rows,
                    columns: pool.columns, into: convolved.pointer + sample * positions * bank.out)
                continue
            }
            geometry.unfold(
                source + sample * geometry.paddedCount, rows: pool.rows, columns: pool.columns,
                into: windows.pointer + sample * positions * geometry.depth)
        }
        guard !usesDirectKernel else { return }
        BLAS.multiply(
            rows: samples * positions, columns: bank.out, depth: geometry.depth,
            .init(windows.pointer, stride: geometry.depth), .init(columns.pointer, stride: bank.out),
            into: convolved.pointer, resultStride: bank.out)
    }
}
