import IntegerRuntime
import ModelFormats
import Quantization
import Tensors
import Testing

struct ModelImageWriterTests {
    private func sample(_ count: Int, seed: UInt64, bits: Int = 8) -> [Int16] {
        var random = SeededRandom(Seed(seed))
        return (0..<count).map { _ in
            let next = random.next()
            return bits == 16 ? Int16(truncatingIfNeeded: next) : Int16(Int8(truncatingIfNeeded: next))
        }
    }

    @Test(arguments: RoundingProfile.allCases, [8, 4])
    func imagesYieldWhatThePlainRulesYield(profile: RoundingProfile, bits: Int) throws {
        try compare(profile) { seed in
            var maker = RandomNetwork(seed: seed)
            return try maker.network(bits: bits, isFlat: seed % 2 == 0)
        }
    }

    @Test(arguments: RoundingProfile.allCases, [RandomNetwork.Widths.wide, .mixed])
    func activationsOfSixteenBitsFollowThePlainRules(profile: RoundingProfile, widths: RandomNetwork.Widths) throws {
        try compare(profile) { seed in
            var maker = RandomNetwork(seed: seed)
            return try maker.network(bits: 8, isFlat: seed % 2 == 0, widths: widths)
        }
    }

    private func compare(_ profile: RoundingProfile, _ network: (UInt64) throws -> QuantizedNetwork) throws {
        for seed in UInt64(0)..<40 {
            let network = try network(seed)
            let model = try IntegerModel(try ModelImageWriter(profile: profile).image(of: network))
            let input = sample(model.inputCount, seed: seed, bits: model.inputBits)
            let expected = PlainInference(network: network, profile: profile).activations(input)
            let actual = try model.layers(input)
            var start = 0
            for node in network.nodes {
                let count = network.tensors[node.output].shape.count
                defer { start += count }
                if case .softmax = node.operation { continue }
                #expect(
                    actual[start..<start + count].map(Int32.init) == expected[node.output],
                    "seed \(seed), \(node.name) \(node.operation.name)")
            }
        }
    }

    @Test func probabilitiesAreTheExponentialsWithinAStep() throws {
        for seed in UInt64(100)..<110 {
            var maker = RandomNetwork(seed: seed)
            let network = try maker.network(bits: 8, isFlat: false)
            let model = try IntegerModel(try ModelImageWriter(profile: .tflm).image(of: network))
            let layers = try model.layers(sample(model.inputCount, seed: seed))
            let classes = model.outputCount
            let logits = network.tensors[network.tensors.count - 2]
            let values = layers.suffix(2 * classes).prefix(classes).map { Double(logits.value(of: Int32($0))) }
            let powers = values.map { exponential($0 - (values.max() ?? 0)) }
            let sum = powers.reduce(0, +)
            for (actual, power) in zip(layers.suffix(classes), powers) {
                #expect(abs(Double(actual) + 128 - 256 * power / sum) <= 1.01, "seed \(seed)")
            }
        }
    }

    /// By its series, far enough for arguments down to −20.
    private func exponential(_ value: Double) -> Double {
        var (term, sum) = (1.0, 1.0)
        for index in 1..<120 {
            term *= -value / Double(index)
            sum += term
        }
        return 1 / sum
    }

    @Test func writingTwiceGivesTheSameBytes() throws {
        var (first, second) = (RandomNetwork(seed: 3), RandomNetwork(seed: 3))
        let writer = ModelImageWriter(profile: .tflm)
        let image = try writer.image(of: first.network(bits: 8, isFlat: false))
        #expect(try writer.image(of: second.network(bits: 8, isFlat: false)) == image)
    }

    @Test func imagesSayInTheirVersionWhetherActivationsHaveSixteenBits() throws {
        for (widths, version) in [(RandomNetwork.Widths.narrow, 1), (.mixed, 2), (.wide, 2)] {
            var maker = RandomNetwork(seed: 4)
            let image = try ModelImageWriter(profile: .tflm)
                .image(of: maker.network(bits: 8, isFlat: false, widths: widths))
            #expect(Int(image[ModelImageFormat.Header.version]) == version)
        }
    }

    @Test func factorsBeyondFifteenBitsAreRefused() throws {
        let shape = FeatureShape(channels: 1)
        let filter = QuantizedFilter(shape: FilterShape(outputs: 1, inputs: 1), values: [1], scales: [1], bias: [0])
        let network = try QuantizedNetwork(
            name: "x",
            tensors: [
                QuantizedActivation(name: "a", shape: shape, scale: 1, zeroPoint: 0, bits: 16),
                QuantizedActivation(name: "b", shape: shape, scale: 0.001, zeroPoint: 0, bits: 16),
            ], nodes: [NetworkNode(name: "d", operation: .dense(filter, .none), inputs: [0], output: 1)], input: 0,
            output: 1)
        #expect(throws: ModelFormatError.self) { try ModelImageWriter(profile: .tflm).image(of: network) }
    }
}
