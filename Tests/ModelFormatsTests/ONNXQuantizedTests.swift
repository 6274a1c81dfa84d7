import ModelFormats
import Quantization
import Testing

struct ONNXQuantizedTests {
    private static func tensor(_ name: String, _ shape: FeatureShape, zeroPoint: Int32 = 0) -> QuantizedActivation {
        QuantizedActivation(name: name, shape: shape, scale: 0.5, zeroPoint: zeroPoint)
    }

    /// A convolution with ReLU over 2×2×2, flattened into a dense layer of two.
    private static func network(bits: Int = 8, zeroPoint: Int32 = -128) throws -> QuantizedNetwork {
        let window = NetworkWindow(height: 2, width: 2, bottom: 1, right: 1)
        let filter = QuantizedFilter(
            shape: FilterShape(outputs: 2, height: 2, width: 2, inputs: 2),
            values: (0..<16).map { Int8($0 - 8).clamped(bits) },
            scales: [0.25, 0.5], bias: [10, -20], bits: bits)
        let dense = QuantizedFilter(
            shape: FilterShape(outputs: 2, inputs: 8), values: (0..<16).map { Int8($0 % 7) }, scales: [1, 2],
            bias: [1, 2])
        let square = FeatureShape(height: 2, width: 2, channels: 2)
        return try QuantizedNetwork(
            name: "small",
            tensors: [
                tensor("in", square), tensor("mid", square, zeroPoint: zeroPoint),
                tensor("flat", FeatureShape(channels: 8), zeroPoint: zeroPoint),
                tensor("out", FeatureShape(channels: 2)),
            ],
            nodes: [
                NetworkNode(name: "conv", operation: .convolution(filter, window, .relu), inputs: [0], output: 1),
                NetworkNode(name: "flatten", operation: .reshape, inputs: [1], output: 2),
                NetworkNode(name: "dense", operation: .dense(dense, .none), inputs: [2], output: 3),
            ], input: 0, output: 3)
    }

    @Test func putsChannelsFirst() throws {
        let model = try ONNXModel(network: Self.network())
        #expect(model.opset == 13)
        #expect(model.inputs.map(\.shape) == [[2, 2, 2]])
        #expect(model.outputs.map(\.name) == ["logits"])
        let tensors = Dictionary(uniqueKeysWithValues: model.tensors.map { ($0.name, $0) })
        #expect(tensors["n0.weight.q"]?.shape == [2, 2, 2, 2])
        #expect(
            tensors["n0.weight.q"]?.data.prefix(8).map { Int8(bitPattern: $0) } == [-8, -6, -4, -2, -7, -5, -3, -1])
        // Flattened in memory order 0...7, here as 0, 2, 4, 6, 1, 3, 5, 7.
        #expect(tensors["n2.weight.q"]?.data.prefix(8).map { Int8(bitPattern: $0) } == [0, 2, 4, 6, 1, 3, 5, 0])
        #expect(try tensors["n0.bias.scale"]?.floats() == [0.125, 0.25])
        #expect(tensors["n0.bias.q"]?.elementType == .int32)
        #expect(try ONNXModel(decoding: model.encoded()) == model)
    }

    @Test(arguments: [(-128, false), (-100, true)] as [(Int32, Bool)])
    func keepsTheClampThatTheRangeDoesNotMake(_ zeroPoint: Int32, _ isKept: Bool) throws {
        let model = try ONNXModel(network: Self.network(zeroPoint: zeroPoint))
        #expect(model.nodes.contains { $0.operation == "Relu" } == isKept)
    }

    @Test func storesFourBitsAsEight() throws {
        let model = try ONNXModel(network: Self.network(bits: 4))
        #expect(model.opset == 13)
        let weight = try #require(model.tensors.first { $0.name == "n0.weight.q" })
        #expect(weight.elementType == .int8)
        #expect(weight.data.prefix(4).map { Int8(bitPattern: $0) } == [-7, -6, -4, -2])
    }

    /// ONNX Runtime fuses an operation to integers only where every input comes from a `DequantizeLinear`.
    @Test func readsIntegersAtEveryOperation() throws {
        let model = try ONNXModel(network: Self.network())
        let makers = Dictionary(
            uniqueKeysWithValues: model.nodes.flatMap { node in node.outputs.map { ($0, node.operation) } })
        for node in model.nodes where ["Conv", "Gemm", "Flatten"].contains(node.operation) {
            for input in node.inputs {
                #expect(makers[input] == "DequantizeLinear", "\(node.operation) reads \(input)")
            }
        }
    }

    @Test func refusesWideActivations() throws {
        let tensors = [
            QuantizedActivation(name: "wide", shape: FeatureShape(channels: 2), scale: 1, zeroPoint: 0, bits: 16),
            QuantizedActivation(name: "out", shape: FeatureShape(channels: 2), scale: 1, zeroPoint: 0, bits: 16),
        ]
        let network = try QuantizedNetwork(
            name: "wide", tensors: tensors,
            nodes: [NetworkNode(name: "same", operation: .reshape, inputs: [0], output: 1)], input: 0, output: 1)
        #expect(throws: ModelFormatError.self) { try ONNXModel(network: network) }
    }
}

extension Int8 {
    /// Within the range of symmetric weights of so many bits.
    fileprivate func clamped(_ bits: Int) -> Int8 {
        let limit = Int8(bits == 4 ? 7 : 127)
        return Swift.max(-limit, Swift.min(limit, self))
    }
}
