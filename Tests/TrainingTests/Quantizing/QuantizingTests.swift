import Quantization
import Tensors
import Testing
import Training

struct QuantizingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let shape: [Int]
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "cnn-28x28", shape: [1, 28, 28]), Case(name: "cnn-fedavg", shape: [1, 28, 28]),
        Case(name: "cnn1d-har", shape: [6, 128]), Case(name: "cnn1d-gestures", shape: [3, 64]),
        Case(name: "dscnn", shape: [1, 20, 10]), Case(name: "resnet8", shape: [3, 16, 16]),
        Case(name: "linear", shape: [2, 3, 5]),
    ]

    private func samples(_ shape: [Int], _ count: Int) throws -> TrainingSet {
        var random = SeededRandom(Seed(21))
        let size = shape.reduce(1, *)
        return try TrainingSet(
            inputs: (0..<count * size).map { _ in 2 * random.unitFloat() - 1 },
            labels: (0..<count).map { Int32($0 % 4) }, elementCount: size)
    }

    /// Parameters after some steps, so that running statistics are not neutral.
    private func trained(_ spec: ModelSpec, _ set: TrainingSet) throws -> [Float] {
        var parameters = try spec.initialParameters(seed: Seed(4))
        let plan = LocalTrainingPlan(epochs: 1, batchSize: 4, learningRate: 0.01)
        _ = try Trainer(spec: spec, maximumBatchSize: 4).train(
            parameters: &parameters, on: set, indices: Array(0..<set.sampleCount), plan: plan, seed: Seed(5))
        return parameters
    }

    @Test(arguments: cases)
    func loweredModelsComputeTheSame(item: Case) throws {
        let spec = try ModelSpec.builtIn(item.name, inputShape: item.shape, classCount: 4)
        try expectSameLogits(spec)
    }

    @Test func aBatchNormInFrontFoldsIntoTheLayerBehindIt() throws {
        let bare = [
            ModelSpec(
                name: "sequence", inputShape: [3, 20], classCount: 4,
                layers: [
                    .batchNorm, .conv1d(out: 5, window: Window(kernel: 4, stride: 2), bias: false), .relu,
                    .globalAveragePool, .batchNorm, .dense(out: 4, bias: false),
                ]),
            ModelSpec(
                name: "padded", inputShape: [2, 6, 7], classCount: 4,
                layers: [
                    .batchNorm, .conv2d(out: 3, window: Window(kernel: 3, padding: .same)), .maxpool2d(.pool(2)),
                    .relu6, .flatten, .dense(out: 4),
                ]),
        ]
        for spec in bare { try expectSameLogits(spec) }
    }

    private func expectSameLogits(_ spec: ModelSpec) throws {
        let set = try samples(spec.inputShape, 8)
        let parameters = try trained(spec, set)
        let expected = try Trainer(spec: spec, maximumBatchSize: 8).logits(
            parameters: parameters, on: set, indices: Array(0..<8))
        let network = try spec.lowered(parameters)
        var runner = FloatNetworkRunner(network)
        var actual: [Float] = []
        for index in 0..<8 {
            let sample = set.inputs[index * set.elementCount..<(index + 1) * set.elementCount]
            actual += try runner.activations(runner.channelsLast(sample))[network.output]
        }
        #expect(relativeDifference(actual, expected) < 1e-4)
    }

    @Test(arguments: cases)
    func quantizedWeightsAreWithinHalfAStep(item: Case) throws {
        let spec = try ModelSpec.builtIn(item.name, inputShape: item.shape, classCount: 4)
        let network = try spec.lowered(try spec.initialParameters(seed: Seed(4)))
        let set = try samples(item.shape, 2)
        let runner = FloatNetworkRunner(network)
        let inputs = (0..<2).map {
            runner.channelsLast(set.inputs[$0 * set.elementCount..<($0 + 1) * set.elementCount])
        }
        for bits in [8, 4] {
            let integer = try network.quantized(ranges: network.activationRanges(over: inputs)) { _ in bits }
            for (node, exact) in zip(integer.nodes, network.nodes) {
                guard let filter = node.operation.filter, let original = exact.operation.filter else { continue }
                let columns = filter.values.count / filter.scales.count
                var isDepthwise = false
                if case .depthwiseConvolution = node.operation { isDepthwise = true }
                for (index, value) in filter.values.enumerated() {
                    let scale = filter.scales[isDepthwise ? index % filter.scales.count : index / columns]
                    #expect(abs(Float(value) * scale - original.values[index]) <= scale * 0.5001)
                }
            }
        }
    }

    @Test func rangesOfAnotherNumberAreRefused() throws {
        let spec = try ModelSpec.builtIn("linear", inputShape: [4], classCount: 2)
        let network = try spec.lowered(try spec.initialParameters(seed: Seed(1)))
        #expect(throws: TrainingError.self) { try network.quantized(ranges: []) }
    }

    @Test func recurrentModelsHaveNoIntegerForm() throws {
        let spec = try ModelSpec.builtIn("gru-chars", inputShape: [8], classCount: 5)
        #expect(throws: TrainingError.self) { try spec.lowered(try spec.initialParameters(seed: Seed(1))) }
    }

    @Test func emptyRangesStillGiveAScale() {
        let format = ActivationRange().int8
        #expect(format.scale > 0)
        #expect(format.zeroPoint == -128)
        var range = ActivationRange()
        range.include([.nan, .infinity, -1, 3])
        #expect(range == ActivationRange(minimum: -1, maximum: 3))
    }
}
