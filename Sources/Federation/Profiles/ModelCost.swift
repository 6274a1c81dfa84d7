import Quantization

/// What a network asks of a device.
public struct ModelCost: Hashable, Sendable {
    /// Bytes of weights, biases, multipliers and graph.
    public var flashByteCount: Int
    /// Bytes of the largest set of activations that live at one time.
    public var arenaByteCount: Int
    /// Multiply-accumulates of one inference.
    public var macs: MACCount
    /// Weights and biases.
    public var parameterCount: Int

    /// Makes the value from its fields.
    public init(flashByteCount: Int, arenaByteCount: Int, macs: MACCount, parameterCount: Int) {
        self.flashByteCount = flashByteCount
        self.arenaByteCount = arenaByteCount
        self.macs = macs
        self.parameterCount = parameterCount
    }

    /// Measures a network.
    ///
    /// - Parameters:
    ///   - flashByteCount: of the file that the device holds; nil: the numbers themselves, with 9 bytes for a channel
    ///     (bias, multiplier, shift) and 64 for a node.
    ///   - arenaByteCount: as the runtime plans it; nil: the bytes that must live at one time, which no plan goes below.
    public init(_ network: QuantizedNetwork, flashByteCount: Int? = nil, arenaByteCount: Int? = nil) {
        let filters = network.nodes.compactMap(\.operation.filter)
        let numbers = filters.reduce(0) { sum, filter in
            sum + (filter.values.count * filter.bits + 7) / 8 + 9 * filter.bias.count
        }
        self.init(
            flashByteCount: flashByteCount ?? numbers + 64 * network.nodes.count,
            arenaByteCount: arenaByteCount ?? Self.liveByteCount(network), macs: MACCount(network),
            parameterCount: filters.reduce(0) { $0 + $1.values.count + $1.bias.count })
    }

    /// The most bytes of activations that one step needs: what it reads and writes, and what later steps still read.
    private static func liveByteCount(_ network: QuantizedNetwork) -> Int {
        var lastUse = [Int](repeating: -1, count: network.tensors.count)
        var birth = [Int](repeating: 0, count: network.tensors.count)
        for (step, node) in network.nodes.enumerated() {
            birth[node.output] = step
            for input in node.inputs { lastUse[input] = step }
        }
        lastUse[network.output] = network.nodes.count
        return network.nodes.indices.map { step in
            network.tensors.indices.reduce(0) { sum, index in
                guard birth[index] <= step, max(lastUse[index], birth[index]) >= step else { return sum }
                return sum + network.tensors[index].byteCount
            }
        }.max() ?? 0
    }
}
