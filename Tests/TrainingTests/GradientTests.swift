import Tensors
import Testing
import Training

/// Analytic gradients against central differences of the loss, which know nothing of the kernels.
struct GradientTests {
    static let layers: [(shape: [Int], layers: [LayerSpec])] = [
        ([5], [.dense(out: 3)]), ([6], [.dense(out: 4, bias: false), .relu, .dense(out: 3)]),
        ([2, 5, 6], [.conv2d(out: 3, window: Window(kernel: 3)), .flatten, .dense(out: 3)]),
        (
            [3, 6, 5],
            [
                .conv2d(out: 2, window: Window(kernel: 1)),
                .conv2d(out: 5, window: Window(kernel: 3, stride: 2, padding: .same)), .flatten, .dense(out: 3),
            ]
        ),
        (
            [1, 10, 10],
            [
                .conv2d(out: 4, window: Window(kernel: 3)), .relu, .maxpool2d(.pool(2)),
                .conv2d(out: 5, window: Window(kernel: 3, padding: .same)), .relu6, .maxpool2d(.pool(2)), .flatten,
                .dense(out: 3),
            ]
        ),
        (
            [3, 20],
            [
                .conv1d(out: 4, window: Window(kernel: 5)), .relu, .maxpool1d(.pool(2)),
                .conv1d(out: 3, window: Window(kernel: 3, padding: .zeros(1))), .relu, .maxpool1d(.pool(3)),
                .globalAveragePool, .dense(out: 3),
            ]
        ),
        (
            [3, 5, 5],
            [
                .conv2d(out: 3, window: Window(kernel: 1)),
                .depthwiseConv2d(window: Window(kernel: 3, stride: 2, padding: .same)), .flatten, .dense(out: 3),
            ]
        ),
        ([2, 6, 6], [.conv2d(out: 3, window: Window(kernel: 1)), .avgpool2d(.pool(2)), .flatten, .dense(out: 3)]),
        (
            [2, 6, 6],
            [
                .conv2d(out: 3, window: Window(kernel: 1)), .maxpool2d(Window(kernel: 3, stride: 1)), .flatten,
                .dense(out: 3),
            ]
        ),
        ([2, 7], [.conv1d(out: 3, window: Window(kernel: 1)), .avgpool1d(.pool(2)), .flatten, .dense(out: 3)]),
        ([2, 4, 4], [.batchNorm, .conv2d(out: 3, window: Window(kernel: 2)), .batchNorm, .flatten, .dense(out: 3)]),
        ([2, 5], [.gru(units: 3, everyStep: true), .gru(units: 9), .dense(out: 3)]),
        (
            [2, 5, 5],
            [
                .conv2d(out: 3, window: Window(kernel: 2)),
                .residual(
                    body: [.conv2d(out: 4, window: Window(kernel: 3, padding: .same)), .relu],
                    shortcut: [.conv2d(out: 4, window: Window(kernel: 1))]), .residual(body: [.relu]), .flatten,
                .dense(out: 3),
            ]
        ),
    ]

    @Test(arguments: layers.indices, [1, 4])
    func gradientsMatchFiniteDifferences(index: Int, sampleCount: Int) throws {
        let (shape, layers) = Self.layers[index]
        // One sample leaves a dense batch norm nothing to measure, but these have positions.
        let spec = ModelSpec(name: "x", inputShape: shape, classCount: 3, layers: layers)
        let set = try SyntheticSet.make(shape: shape, classCount: 3, sampleCount: sampleCount, seed: 11)
        try check(spec, set)
    }

    @Test func embeddingGradientsMatchFiniteDifferences() throws {
        let spec = ModelSpec(
            name: "x", inputShape: [4], classCount: 5,
            layers: [.embedding(vocabulary: 5, dimension: 3), .gru(units: 4), .dense(out: 5)])
        try check(spec, try SyntheticSet.tokens(length: 4, vocabulary: 5, sampleCount: 3, seed: 12))
    }

    /// Compares single elements of each tensor. Where the slopes to both sides disagree, a clamp or a pool switched in
    /// between and there is no derivative to compare with; most elements must be smooth.
    private func check(_ spec: ModelSpec, _ set: TrainingSet) throws {
        let trainer = try Trainer(spec: spec, maximumBatchSize: set.sampleCount)
        let start = try spec.initialParameters(seed: Seed(9))
        let indices = Array(0..<set.sampleCount)
        func loss(_ position: Int, _ change: Float) throws -> Double {
            var parameters = start
            parameters[position] += change
            return try trainer.gradient(parameters: &parameters, on: set, indices: indices).loss
        }
        var unchanged = start
        let (center, gradient) = try trainer.gradient(parameters: &unchanged, on: set, indices: indices)
        var random = SeededRandom(Seed(10))
        let step: Float = 2e-3
        for entry in trainer.layout.entries where entry.kind != .statistic {
            var smooth = 0
            for _ in 0..<12 {
                let position = entry.offset + random.below(entry.count)
                let up = (try loss(position, step) - center) / Double(step)
                let down = (center - (try loss(position, -step))) / Double(step)
                guard abs(up - down) < 1e-3 + 0.05 * abs(up) else { continue }
                smooth += 1
                let slope = (up + down) / 2
                let difference = abs(slope - Double(gradient[position]))
                #expect(difference < 5e-4 + 1e-2 * abs(slope), "\(entry.name)[\(position - entry.offset)], seed 10")
            }
            #expect(smooth >= 7, "\(entry.name)")
        }
    }
}
