import Quantization
import Testing

struct QuantizedNetworkTests {
    private let shape = FeatureShape(height: 2, width: 3, channels: 4)

    private func tensor(_ shape: FeatureShape, scale: Float = 0.5, zeroPoint: Int32 = 3, bits: Int = 8)
        -> QuantizedActivation
    {
        QuantizedActivation(name: "t", shape: shape, scale: scale, zeroPoint: zeroPoint, bits: bits)
    }

    private func dense(values: [Int8], scales: [Float] = [1, 1], bits: Int = 8) throws -> QuantizedNetwork {
        let filter = QuantizedFilter(
            shape: FilterShape(outputs: 2, inputs: 24), values: values, scales: scales, bias: [0, 0], bits: bits)
        return try QuantizedNetwork(
            name: "x", tensors: [tensor(shape), tensor(FeatureShape(channels: 2))],
            nodes: [NetworkNode(name: "d", operation: .dense(filter, .none), inputs: [0], output: 1)], input: 0,
            output: 1)
    }

    @Test func aDenseLayerTakesAnyShapeInMemoryOrder() throws {
        #expect(try dense(values: [Int8](repeating: -127, count: 48)).nodes.count == 1)
    }

    @Test(arguments: [0, 47, 49])
    func weightsOfAnotherNumberAreRefused(count: Int) {
        #expect(throws: QuantizationError.self) { try dense(values: [Int8](repeating: 1, count: count)) }
    }

    @Test func weightsBeyondTheirWidthAreRefused() {
        #expect(throws: QuantizationError.self) { try dense(values: [Int8](repeating: -128, count: 48)) }
        #expect(throws: QuantizationError.self) { try dense(values: [Int8](repeating: 8, count: 48), bits: 4) }
        #expect(throws: QuantizationError.self) { try dense(values: [Int8](repeating: 1, count: 48), bits: 5) }
    }

    @Test(arguments: [Float(0), -1, .nan, .infinity, .leastNonzeroMagnitude])
    func impossibleScalesAreRefused(scale: Float) {
        #expect(throws: QuantizationError.self) {
            try dense(values: [Int8](repeating: 1, count: 48), scales: [1, scale])
        }
    }

    @Test func poolsKeepTheQuantizationOfTheirInput() {
        #expect(throws: QuantizationError.self) {
            try QuantizedNetwork(
                name: "x", tensors: [tensor(shape), tensor(FeatureShape(channels: 4), scale: 0.25)],
                nodes: [NetworkNode(name: "g", operation: .globalAveragePool, inputs: [0], output: 1)], input: 0,
                output: 1)
        }
    }

    @Test func tensorsAreWrittenOnceAndBeforeTheyAreRead() {
        let nodes = [
            NetworkNode<QuantizedFilter>(name: "a", operation: .reshape, inputs: [2], output: 1),
            NetworkNode<QuantizedFilter>(name: "b", operation: .reshape, inputs: [0], output: 2),
        ]
        let tensors = [tensor(shape), tensor(shape), tensor(shape)]
        #expect(throws: QuantizationError.self) {
            try QuantizedNetwork(name: "x", tensors: tensors, nodes: nodes, input: 0, output: 1)
        }
        #expect(throws: QuantizationError.self) {
            try QuantizedNetwork(name: "x", tensors: tensors, nodes: [nodes[1], nodes[1]], input: 0, output: 2)
        }
    }

    @Test func hugeShapesAreRefusedWithoutOverflow() {
        let huge = FeatureShape(height: .max, width: .max, channels: 2)
        #expect(throws: QuantizationError.self) {
            try QuantizedNetwork(name: "x", tensors: [tensor(huge)], nodes: [], input: 0, output: 0)
        }
    }

    @Test func integersSaturateAndRoundHalvesToEven() {
        let activation = tensor(shape)
        #expect(activation.integer(for: 0) == 3)
        #expect(activation.integer(for: 0.25) == 3)
        #expect(activation.integer(for: 0.75) == 5)
        #expect(activation.integer(for: 1e30) == 127)
        #expect(activation.integer(for: -.infinity) == -128)
        #expect(activation.integer(for: .nan) == 3)
        #expect(activation.value(of: 5) == 1)
    }
}
