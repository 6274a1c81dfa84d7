/// Shape of a filter bank, row-major in this order: OHWI; a depthwise one is 1HWO with the channels in `inputs`, a dense
/// one O11I.
public struct FilterShape: Hashable, Sendable {
    /// Output channels; 1 for a depthwise filter.
    public let outputs: Int
    /// Rows.
    public let height: Int
    /// Columns.
    public let width: Int
    /// Input channels; the channels of a depthwise filter.
    public let inputs: Int

    /// Describes a shape; checked by the network that holds it.
    public init(outputs: Int, height: Int = 1, width: Int = 1, inputs: Int) {
        self.outputs = outputs
        self.height = height
        self.width = width
        self.inputs = inputs
    }

    /// Number of weights.
    public var count: Int { outputs * height * width * inputs }
}

/// The learned numbers of one node.
public protocol NetworkFilter: Hashable, Sendable {
    /// Shape of the weights.
    var shape: FilterShape { get }
    /// What is wrong with the numbers, if anything; `channels` is the number of output channels.
    func fault(channels: Int) -> String?
}

/// Weights and bias as they were trained.
public struct FloatFilter: NetworkFilter {
    /// Shape of the weights.
    public let shape: FilterShape
    /// Weights in the order of `shape`.
    public let values: [Float]
    /// One per output channel.
    public let bias: [Float]

    /// Describes a filter; checked by the network that holds it.
    public init(shape: FilterShape, values: [Float], bias: [Float]) {
        self.shape = shape
        self.values = values
        self.bias = bias
    }

    /// What is wrong with the numbers, if anything; `channels` is the number of output channels.
    public func fault(channels: Int) -> String? {
        guard values.count == shape.count else { return "\(values.count) weights do not fill \(shape)" }
        guard bias.count == channels else { return "\(bias.count) biases for \(channels) channels" }
        guard values.allSatisfy(\.isFinite), bias.allSatisfy(\.isFinite) else {
            return "a weight or bias is not finite"
        }
        return nil
    }
}

/// Integer weights and bias: weight `r = scales[channel] · q`, bias `r = inputScale · scales[channel] · q`.
public struct QuantizedFilter: NetworkFilter {
    /// Shape of the weights.
    public let shape: FilterShape
    /// Weights in the order of `shape`, within ±(2^(bits−1) − 1).
    public let values: [Int8]
    /// One per output channel, positive.
    public let scales: [Float]
    /// One per output channel.
    public let bias: [Int32]
    /// Width of a weight: 8 or 4.
    public let bits: Int

    /// Describes a filter; checked by the network that holds it.
    public init(shape: FilterShape, values: [Int8], scales: [Float], bias: [Int32], bits: Int = 8) {
        self.shape = shape
        self.values = values
        self.scales = scales
        self.bias = bias
        self.bits = bits
    }

    /// What is wrong with the numbers, if anything; `channels` is the number of output channels.
    public func fault(channels: Int) -> String? {
        guard bits == 8 || bits == 4 else { return "weights of \(bits) bits; 8 and 4 exist" }
        guard values.count == shape.count else { return "\(values.count) weights do not fill \(shape)" }
        guard bias.count == channels, scales.count == channels else {
            return "\(bias.count) biases and \(scales.count) scales for \(channels) channels"
        }
        let limit = Int8(bits == 8 ? 127 : 7)
        guard values.allSatisfy({ $0 >= -limit && $0 <= limit }) else { return "a weight is beyond ±\(limit)" }
        guard scales.allSatisfy({ $0.isNormal && $0 > 0 }) else { return "a scale is not a positive normal number" }
        return nil
    }
}
