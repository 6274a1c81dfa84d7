import Foundation
import Quantization

/// The scales and zero points of a network, for people and for programs that feed it: `quant_params.json`.
public struct QuantizationFile: Hashable, Codable, Sendable {
    /// One tensor between two operations, `real = scale · (integer − zero_point)`.
    public struct Tensor: Hashable, Codable, Sendable {
        /// Name in the network.
        public var name: String
        /// Height, width and channels.
        public var shape: [Int]
        /// Size of a step.
        public var scale: Float
        /// The integer that stands for 0.
        public var zeroPoint: Int
        /// Width of an integer.
        public var bits: Int
    }

    /// The weights of one layer, per output channel.
    public struct Weights: Hashable, Codable, Sendable {
        /// Name of the node.
        public var name: String
        /// Width of a weight.
        public var bits: Int
        /// Size of a step, one per output channel; zero points are 0.
        public var scales: [Float]
    }

    /// What a sample is given in.
    public var input: Tensor
    /// What the result comes in.
    public var output: Tensor
    /// All tensors.
    public var tensors: [Tensor]
    /// All weights.
    public var weights: [Weights]

    /// Takes the numbers out of a network.
    public init(_ network: QuantizedNetwork) {
        tensors = network.tensors.map { tensor in
            Tensor(
                name: tensor.name, shape: [tensor.shape.height, tensor.shape.width, tensor.shape.channels],
                scale: tensor.scale, zeroPoint: Int(tensor.zeroPoint), bits: tensor.bits)
        }
        input = tensors[network.input]
        output = tensors[network.output]
        weights = network.nodes.compactMap { node in
            node.operation.filter.map { Weights(name: node.name, bits: $0.bits, scales: $0.scales) }
        }
    }

    /// The file.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
