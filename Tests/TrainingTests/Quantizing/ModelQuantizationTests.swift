import Quantization
import Tensors
import Testing
import Training

struct ModelQuantizationTests {
    @Test(arguments: ["resnet8", "dscnn", "cnn-28x28"])
    func integersFollowTheFakeQuantization(name: String) throws {
        let (spec, parameters, set) = try FakeQuantizationTests.trained(name)
        let trainer = try Trainer(spec: spec, maximumBatchSize: 24)
        let ranges = try trainer.calibrate(parameters: parameters, on: set).map { $0.range(.minMax) }
        let weights = trainer.layout.entries.filter { $0.kind == .weight }
        let bits = weights.indices.map { $0 % 2 == 0 ? 8 : 4 }
        let network = try spec.quantized(parameters, FakeQuantization(layerWeightBits: bits, ranges: ranges))
        #expect(network.nodes.compactMap(\.operation.filter).map(\.bits) == bits)
        #expect(network.tensors[network.input].scale == ranges[0].grid(bits: 8).scale)
        #expect(network.tensors[network.output].scale == ranges.last?.grid(bits: 8).scale)
        let used = Set(network.tensors.map(\.scale))
        #expect(ranges.allSatisfy { used.contains($0.grid(bits: 8).scale) })
    }

    @Test func batchNormOfItsOwnKeepsEightBits() throws {
        let spec = ModelSpec(
            name: "x", inputShape: [2, 4, 4], classCount: 3,
            layers: [
                .batchNorm, .conv2d(out: 3, window: Window(kernel: 3, padding: .same)), .relu, .batchNorm, .flatten,
                .batchNorm, .dense(out: 3),
            ])
        let ranges = [ActivationRange](repeating: ActivationRange(low: -2, high: 2), count: 5)
        let network = try spec.quantized(
            spec.initialParameters(seed: Seed(1)), FakeQuantization(layerWeightBits: [4, 4], ranges: ranges))
        #expect(network.nodes.compactMap(\.operation.filter).map(\.bits) == [8, 4, 8, 4])
        #expect(try spec.quantizationPoints().count == 5)
    }

    @Test func layersOfSixteenBitsAreLinkedToTheOthers() throws {
        let spec = ModelSpec(
            name: "x", inputShape: [1, 6, 6], classCount: 3,
            layers: [
                .conv2d(out: 3, window: Window(kernel: 3)), .relu, .conv2d(out: 2, window: Window(kernel: 3)), .relu,
                .flatten, .dense(out: 3),
            ])
        let range = ActivationRange(low: -2, high: 2)
        func widths(_ bits: [Int]) throws -> [Int] {
            let quantization = FakeQuantization(
                pointActivationBits: bits, ranges: [ActivationRange](repeating: range, count: 4))
            let network = try spec.quantized(spec.initialParameters(seed: Seed(1)), quantization)
            return network.nodes.map { network.tensors[$0.output].bits }
        }
        // Convolution, convolution, dense layer, and what changes widths.
        #expect(try widths([8, 8, 8, 8]) == [8, 8, 8])
        #expect(try widths([16, 16, 16, 16]) == [16, 16, 16])
        #expect(try widths([8, 16, 8, 8]) == [16, 16, 16, 8, 8])
        #expect(try widths([8, 8, 16, 8]) == [8, 16, 16, 16, 8])
        // What lies between two layers of 16 bits has them too.
        #expect(try widths([16, 8, 16, 8]) == [16, 16, 16, 8])
        #expect(try widths([8, 8, 8, 16]) == [8, 8, 16, 16])
    }

    @Test func whatHasNoIntegerFormIsRefused() throws {
        let spec = try ModelSpec.builtIn("linear", inputShape: [3, 4], classCount: 3)
        let parameters = try spec.initialParameters(seed: Seed(1))
        let ranges = [ActivationRange](repeating: ActivationRange(low: -2, high: 2), count: 2)
        #expect(try spec.quantized(parameters, FakeQuantization(ranges: ranges)).nodes.count == 1)
        for quantization in [
            FakeQuantization(weightBits: 5, ranges: ranges),
            FakeQuantization(weightBits: 4, activationBits: 16, ranges: ranges),
            FakeQuantization(pointActivationBits: [16], ranges: ranges),
            FakeQuantization(ranges: [ranges[0]]), FakeQuantization(layerWeightBits: [8, 8], ranges: ranges),
        ] {
            #expect(throws: TrainingError.self) { try spec.quantized(parameters, quantization) }
        }
    }
}
