import Foundation
import Quantization
import Tensors
import Testing
import Training

struct FakeQuantizationTests {
    static let shape = [2, 12, 10]

    /// A model that has learned a little, and its set.
    static func trained(_ name: String) throws -> (spec: ModelSpec, parameters: [Float], set: TrainingSet) {
        let spec = try ModelSpec.builtIn(name, inputShape: shape, classCount: 3)
        let set = try SyntheticSet.make(shape: shape, classCount: 3, sampleCount: 24, seed: 5)
        var parameters = try spec.initialParameters(seed: Seed(1))
        let plan = LocalTrainingPlan(epochs: 6, batchSize: 8, learningRate: 0.05, momentum: 0.9)
        _ = try Trainer(spec: spec, maximumBatchSize: 24).train(
            parameters: &parameters, on: set, indices: Array(0..<24), plan: plan, seed: Seed(2))
        return (spec, parameters, set)
    }

    @Test(arguments: ["resnet8", "dscnn", "cnn-28x28", "linear"])
    func foldingBatchNormChangesNoQuantizationPoint(name: String) throws {
        let spec = try ModelSpec.builtIn(
            name, inputShape: name == "cnn-28x28" ? [1, 28, 28] : Self.shape, classCount: 3)
        let folded = try spec.foldingBatchNorm(spec.initialParameters(seed: Seed(1)))
        #expect(try spec.quantizationPoints().map(\.shape) == folded.spec.quantizationPoints().map(\.shape))
        #expect(try spec.quantizationPoints().first?.path == "input")
    }

    @Test func pointsAreThoseThatADeviceHas() throws {
        let spec = ModelSpec(
            name: "x", inputShape: [2, 8], classCount: 3,
            layers: [
                .conv1d(out: 4, window: Window(kernel: 3, padding: .same)), .relu, .maxpool1d(.pool(2)), .batchNorm,
                .residual(body: [.conv1d(out: 4, window: Window(kernel: 1)), .batchNorm]), .relu, .flatten,
                .dense(out: 3),
            ])
        #expect(
            try spec.quantizationPoints().map(\.path) == [
                "input", "0.conv1d", "3.batchnorm", "4.residual.body.0.conv1d", "4.residual", "7.dense",
            ])
        let trainer = try Trainer(spec: spec, maximumBatchSize: 4)
        let set = try SyntheticSet.make(shape: [2, 8], classCount: 3, sampleCount: 4, seed: 1)
        let histograms = try trainer.calibrate(parameters: spec.initialParameters(seed: Seed(1)), on: set)
        #expect(histograms.map(\.total) == [64, 64, 64, 64, 64, 12])
        #expect(histograms[1].low == 0 && histograms[4].low == 0 && histograms[5].low < 0)
    }

    @Test(arguments: ["resnet8", "dscnn"])
    func foldedAndUnfoldedModelsRoundAlike(name: String) throws {
        let (spec, parameters, set) = try Self.trained(name)
        let trainer = try Trainer(spec: spec, maximumBatchSize: 24)
        let ranges = try trainer.calibrate(parameters: parameters, on: set).map { $0.range(.minMax) }
        let quantization = FakeQuantization(activationBits: 16, ranges: ranges)
        let indices = Array(0..<24)
        let folded = try spec.foldingBatchNorm(parameters)
        let logits = try trainer.logits(
            parameters: parameters, quantization: quantization, on: set, indices: indices)
        let other = try Trainer(spec: folded.spec, maximumBatchSize: 24).logits(
            parameters: folded.parameters, quantization: quantization, on: set, indices: indices)
        #expect(relativeDifference(other, logits) < 5e-3)
        let plain = try trainer.logits(parameters: parameters, on: set, indices: indices)
        #expect(logits != plain)
        #expect(relativeDifference(logits, plain) < 0.1)
    }

    @Test func manyBitsAreNearlyFloat() throws {
        let (spec, parameters, set) = try Self.trained("resnet8")
        let trainer = try Trainer(spec: spec, maximumBatchSize: 24)
        let ranges = try trainer.calibrate(parameters: parameters, on: set).map { $0.range(.minMax) }
        let plain = try trainer.logits(parameters: parameters, on: set, indices: Array(0..<24))
        let errors = try [(8, 16), (8, 8), (4, 8), (2, 8)].map { weight, activation in
            let quantization = FakeQuantization(weightBits: weight, activationBits: activation, ranges: ranges)
            let logits = try trainer.logits(
                parameters: parameters, quantization: quantization, on: set, indices: Array(0..<24))
            return relativeDifference(logits, plain)
        }
        #expect(errors[0] < errors[1] && errors[1] < errors[2] && errors[2] < errors[3], "\(errors)")
    }

    @Test(arguments: [(2, Float(0.75)), (4, 1), (8, 1)])
    func weightScalesReachOrClip(bits: Int, share: Float) {
        let row: [Float] = [0.1, -0.2, 0.15, -0.12, 0.8]
        let limit = Float(WeightGrid.limit(bits: bits))
        let scale = WeightGrid.scale(of: row[...], bits: bits)
        #expect(scale <= 0.8 / limit && scale >= 0.4 / limit)
        if bits == 8 { #expect(scale == 0.8 / 127) }
        #expect(WeightGrid.scale(of: [0, 0], bits: bits) == 1)
    }

    @Test(arguments: [ActivationRange(low: 0, high: 6), .init(low: -1, high: 3), .init(low: -5, high: 0)])
    func gridsHoldZeroAndTheirEnds(range: ActivationRange) {
        let grid = range.grid(bits: 8)
        #expect((-128...127).contains(grid.zeroPoint))
        #expect(abs(grid.scale * Float(grid.lowest - grid.zeroPoint) - range.low) <= grid.scale)
        #expect(abs(grid.scale * Float(grid.highest - grid.zeroPoint) - range.high) <= grid.scale)
        #expect(range.grid(bits: 16).zeroPoint == 0)
        #expect(ActivationRange(low: 0, high: 0).grid(bits: 8).scale == 1)
    }

    @Test func rangesOfClientsAverage() throws {
        let ranges = try ActivationRange.average(
            of: [[.init(low: 0, high: 4)], [.init(low: -2, high: 8)]], weights: [3, 1])
        #expect(ranges == [ActivationRange(low: -0.5, high: 5)])
        #expect(throws: TrainingError.self) { try ActivationRange.average(of: [[]], weights: [0]) }
        #expect(throws: TrainingError.self) {
            try ActivationRange.average(of: [[.init(low: 0, high: .infinity)]], weights: [1])
        }
    }

    @Test func settingsThatDoNotFitAreRefused() throws {
        let (spec, parameters, set) = try Self.trained("linear")
        let trainer = try Trainer(spec: spec, maximumBatchSize: 24)
        let range = ActivationRange(low: -1, high: 1)
        for quantization in [
            FakeQuantization(), FakeQuantization(ranges: [range]),
            FakeQuantization(weightBits: 9, ranges: [range, range]),
            FakeQuantization(activationBits: 7, ranges: [range, range]),
            FakeQuantization(layerWeightBits: [8, 8], ranges: [range, range]),
            FakeQuantization(ranges: [range, ActivationRange(low: -.infinity, high: 1)]),
        ] {
            #expect(throws: TrainingError.self) {
                try trainer.evaluate(parameters: parameters, quantization: quantization, on: set)
            }
        }
    }

    @Test func jsonNeedsNoKeysAndRefusesUnknownOnes() throws {
        let decoder = JSONDecoder()
        #expect(try decoder.decode(FakeQuantization.self, from: Data("{}".utf8)) == FakeQuantization())
        #expect(
            try decoder.decode(
                FakeQuantization.self, from: Data(#"{"weightBits":4,"rangeRule":"learned"}"#.utf8))
                == FakeQuantization(weightBits: 4, rangeRule: .learned))
        #expect(throws: DecodingError.self) {
            try decoder.decode(FakeQuantization.self, from: Data(#"{"bits":4}"#.utf8))
        }
    }
}
