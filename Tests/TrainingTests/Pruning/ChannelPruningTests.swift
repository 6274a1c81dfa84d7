import Tensors
import Testing
import Training

struct ChannelPruningTests {
    static let models: [(shape: [Int], layers: [LayerSpec])] = [
        (
            [2, 9, 9],
            [
                .conv2d(out: 8, window: Window(kernel: 3)), .relu, .maxpool2d(.pool(2)), .flatten, .dense(out: 6),
                .relu,
                .dense(out: 3),
            ]
        ),
        (
            [3, 16],
            [
                .conv1d(out: 4, window: Window(kernel: 5)), .batchNorm, .relu,
                .conv1d(out: 6, window: Window(kernel: 3)),
                .globalAveragePool, .dense(out: 3),
            ]
        ),
        (
            [2, 6, 6],
            [
                .conv2d(out: 4, window: Window(kernel: 3, padding: .same), bias: false), .batchNorm, .relu,
                .depthwiseConv2d(window: Window(kernel: 3, padding: .same)), .batchNorm, .relu6,
                .residual(body: [
                    .conv2d(out: 8, window: Window(kernel: 3, padding: .same)), .batchNorm, .relu,
                    .conv2d(out: 4, window: Window(kernel: 1)), .batchNorm,
                ]), .relu,
                .residual(
                    body: [.conv2d(out: 6, window: Window(kernel: 3, stride: 2, padding: .same))],
                    shortcut: [.conv2d(out: 6, window: Window(kernel: 1, stride: 2, padding: .same))]), .relu, .flatten,
                .batchNorm, .dense(out: 3),
            ]
        ),
        ([2, 7], [.gru(units: 4, everyStep: true), .gru(units: 6), .dense(out: 3)]),
    ]

    /// Random parameters in which the later half of every layer's channels is dead.
    static func half(_ spec: ModelSpec) throws -> [Float] {
        var random = SeededRandom(Seed(4))
        let layout = try spec.layout()
        var values = try spec.initialParameters(seed: Seed(5)).map { $0 + 0.05 * Float(random.normal()) }
        let last = spec.layers.count - 1
        for entry in layout.entries where !entry.name.hasPrefix("\(last).") {
            let isGRU = entry.name.contains(".gru/")
            let rows = entry.shape[0] / (isGRU ? 3 : 1)
            let columns = entry.count / entry.shape[0]
            for row in 0..<entry.shape[0] where row % rows >= rows / 2 && !entry.name.hasSuffix("/scale") {
                for column in 0..<columns { values[entry.offset + row * columns + column] = 0 }
            }
            if entry.name.hasSuffix("/variance") {
                for index in entry.range { values[index] = 0.5 + abs(values[index]) }
            }
        }
        return values
    }

    @Test(arguments: models.indices)
    func droppingDeadChannelsChangesNothing(index: Int) throws {
        let (shape, layers) = Self.models[index]
        let spec = ModelSpec(name: "x", inputShape: shape, classCount: 3, layers: layers)
        let parameters = try Self.half(spec)
        let set = try SyntheticSet.make(shape: shape, classCount: 3, sampleCount: 5, seed: 6)
        let small = try spec.pruningChannels(parameters, ChannelPruning(target: .channels(0.5)))
        #expect(small.parameters.count < parameters.count * 6 / 10)
        let (part, whole) = (try small.spec.multiplyAccumulateCount(), try spec.multiplyAccumulateCount())
        #expect(part < whole * 6 / 10)
        let expected = try Trainer(spec: spec, maximumBatchSize: 5).logits(
            parameters: parameters, on: set, indices: Array(0..<5))
        let actual = try Trainer(spec: small.spec, maximumBatchSize: 5).logits(
            parameters: small.parameters, on: set, indices: Array(0..<5))
        #expect(relativeDifference(actual, expected) < 1e-5)
    }

    @Test func embeddingsShrink() throws {
        let spec = try ModelSpec.builtIn("gru-chars", inputShape: [6], classCount: 5)
        let small = try spec.pruningChannels(
            spec.initialParameters(seed: Seed(1)), ChannelPruning(target: .channels(0.25)))
        #expect(small.spec.layers == [.embedding(vocabulary: 5, dimension: 4), .gru(units: 32), .dense(out: 5)])
    }

    @Test(arguments: ["cnn-28x28", "resnet8", "dscnn"], [0.5, 0.25])
    func multiplicationsMeetTheirTarget(name: String, share: Double) throws {
        let spec = try ModelSpec.builtIn(name, inputShape: [1, 28, 28], classCount: 10)
        let parameters = try spec.initialParameters(seed: Seed(1))
        for importance in [
            ChannelPruning.Importance.absoluteSum, .euclidean, .batchNormScale, .taylor(gradient: parameters),
        ] {
            let small = try spec.pruningChannels(
                parameters, ChannelPruning(target: .multiplyAccumulates(share), importance: importance))
            let (part, whole) = (try small.spec.multiplyAccumulateCount(), try spec.multiplyAccumulateCount())
            #expect(Double(part) <= share * Double(whole))
            #expect(Double(part) > (share - 0.12) * Double(whole))
        }
    }

    @Test func importanceDecidesWhoStays() throws {
        let spec = ModelSpec(
            name: "x", inputShape: [1], classCount: 2,
            layers: [.dense(out: 3, bias: false), .batchNorm, .dense(out: 2, bias: false)])
        //                      weights   scale      shift    mean     variance  head
        let parameters: [Float] = [1, 3, 2, 9, 0.1, -8, 4, 5, 6, 0, 0, 0, 1, 1, 1, 10, 11, 12, 13, 14, 15]
        let gradient: [Float] = [9, 0.1, 0.2] + [Float](repeating: 0, count: 18)
        let cases: [(ChannelPruning.Importance, [Float])] = [
            (.absoluteSum, [3, 2]), (.euclidean, [3, 2]), (.batchNormScale, [1, 2]),
            (.taylor(gradient: gradient), [1, 2]),
        ]
        for (importance, kept) in cases {
            let small = try spec.pruningChannels(
                parameters, ChannelPruning(target: .channels(0.67), importance: importance))
            #expect(Array(small.parameters.prefix(2)) == kept, "\(importance)")
            #expect(small.parameters.count == 14)
        }
    }

    @Test func multiplesAreKept() {
        let pruning = ChannelPruning(target: .channels(0.5), multiple: 8)
        #expect([4, 16, 48, 20].map { pruning.keptCount(of: $0, share: 0.5) } == [2, 8, 24, 8])
    }

    @Test func badSettingsAreRefused() throws {
        let spec = try ModelSpec.builtIn("linear", inputShape: [3, 4], classCount: 3)
        let parameters = try spec.initialParameters(seed: Seed(1))
        for target in [ChannelPruning.Target.channels(0), .channels(1.1), .multiplyAccumulates(0.5)] {
            #expect(throws: TrainingError.self) {
                try spec.pruningChannels(parameters, ChannelPruning(target: target))
            }
        }
        #expect(throws: TrainingError.self) {
            try spec.pruningChannels([1], ChannelPruning(target: .channels(1)))
        }
    }
}

struct LayerRemovalTests {
    @Test func removesWhatKeepsShapes() throws {
        let spec = try ModelSpec.builtIn("resnet8", inputShape: [3, 16, 16], classCount: 4)
        #expect(
            try spec.removableLayers() == [
                "3.residual", "3.residual.body.0.conv2d", "3.residual.body.3.conv2d", "5.residual.body.3.conv2d",
                "7.residual.body.3.conv2d",
            ])
        var parameters = try spec.initialParameters(seed: Seed(1))
        let small = try spec.removingLayers(["3.residual", "7.residual.body.3.conv2d"], parameters)
        #expect(small.spec.layers.count == spec.layers.count - 2)
        #expect(try small.spec.layout().count == small.parameters.count)
        // A block whose last batch norm is neutral at 0 adds nothing, so its removal shows nowhere.
        let layout = try spec.layout()
        for entry in layout.entries where entry.name.hasPrefix("3.residual.body.4.batchnorm/s") {
            for index in entry.range { parameters[index] = 0 }
        }
        let set = try SyntheticSet.make(shape: [3, 16, 16], classCount: 4, sampleCount: 3, seed: 2)
        let shorter = try spec.removingLayers(["3.residual"], parameters)
        let expected = try Trainer(spec: spec, maximumBatchSize: 3).logits(
            parameters: parameters, on: set, indices: [0, 1, 2])
        let actual = try Trainer(spec: shorter.spec, maximumBatchSize: 3).logits(
            parameters: shorter.parameters, on: set, indices: [0, 1, 2])
        #expect(relativeDifference(actual, expected) < 1e-6)
    }

    @Test func refusesWhatDoesNotFit() throws {
        let spec = try ModelSpec.builtIn("cnn1d-har", inputShape: [6, 128], classCount: 6)
        #expect(try spec.removableLayers().isEmpty)
        #expect(throws: TrainingError.self) {
            try spec.removingLayers(["0.conv1d"], spec.initialParameters(seed: Seed(1)))
        }
        let alone = ModelSpec(
            name: "x", inputShape: [3], classCount: 3,
            layers: [.residual(body: [.dense(out: 3), .dense(out: 3)]), .relu])
        let parameters = try alone.initialParameters(seed: Seed(1))
        #expect(throws: TrainingError.self) {
            try alone.removingLayers(["0.residual.body.0.dense", "0.residual.body.1.dense"], parameters)
        }
    }
}
