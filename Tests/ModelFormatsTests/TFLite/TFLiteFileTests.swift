import ModelFormats
import Quantization
import Testing

struct TFLiteFileTests {
    private func network(_ window: NetworkWindow, weights: [Int8]) throws -> QuantizedNetwork {
        let input = FeatureShape(height: 4, width: 4, channels: 1)
        let size = try #require(window.outputSize(over: input))
        let filter = QuantizedFilter(
            shape: FilterShape(outputs: 1, height: window.height, width: window.width, inputs: 1), values: weights,
            scales: [0.5], bias: [7])
        return try QuantizedNetwork(
            name: "x",
            tensors: [
                QuantizedActivation(name: "in", shape: input, scale: 0.25, zeroPoint: -3),
                QuantizedActivation(
                    name: "out", shape: FeatureShape(height: size.height, width: size.width, channels: 1), scale: 0.5,
                    zeroPoint: 1),
            ],
            nodes: [
                NetworkNode(name: "conv", operation: .convolution(filter, window, .relu), inputs: [0], output: 1)
            ], input: 0, output: 1)
    }

    @Test func filesCarryTheIdentifierAndAlignedWeights() throws {
        let weights: [Int8] = [11, -12, 13, -14, 15, -16, 17, -18, 19]
        let bytes = try TFLiteFile(network(NetworkWindow(height: 3, width: 3), weights: weights)).bytes
        #expect(Array(bytes[4..<8]) == Array("TFL3".utf8))
        let pattern = weights.map { UInt8(bitPattern: $0) }
        let place = try #require((0..<bytes.count - 9).first { Array(bytes[$0..<$0 + 9]) == pattern })
        #expect(place % 16 == 0)
        #expect(Array(bytes[place - 4..<place]) == [9, 0, 0, 0])
    }

    @Test func writingTwiceGivesTheSameBytes() throws {
        let network = try network(NetworkWindow(height: 1, width: 1), weights: [1])
        #expect(try TFLiteFile(network) == TFLiteFile(network))
    }

    @Test func paddingWithoutAWordIsRefused() throws {
        let window = NetworkWindow(height: 3, width: 3, top: 2, left: 2, bottom: 2, right: 2)
        let network = try network(window, weights: [Int8](repeating: 1, count: 9))
        #expect(throws: ModelFormatError.self) { try TFLiteFile(network) }
    }

    private func pools(_ count: Int) throws -> QuantizedNetwork {
        let shape = FeatureShape(height: 4, width: 4, channels: 1)
        return try QuantizedNetwork(
            name: "x",
            tensors: (0...count).map { QuantizedActivation(name: "\($0)", shape: shape, scale: 0.25, zeroPoint: 3) },
            nodes: (0..<count).map {
                NetworkNode(
                    name: "\($0)", operation: .maxPool(NetworkWindow(height: 1, width: 1)), inputs: [$0], output: $0 + 1
                )
            }, input: 0, output: count)
    }

    /// A further pool takes its operator with a list, and a reference to what its output has in common with others.
    @Test(arguments: [2, 3, 10])
    func equalTensorsAndOptionsAreStoredOnce(count: Int) throws {
        let (more, less) = (try TFLiteFile(pools(count + 1)).bytes.count, try TFLiteFile(pools(count)).bytes.count)
        #expect((1...48).contains(more - less))
    }
}
