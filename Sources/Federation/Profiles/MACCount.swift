import Quantization

/// One number for each kind of layer that multiplies.
public struct PerLayerKind<Value: Hashable & Sendable>: Hashable, Sendable {
    /// Convolutions, pointwise ones included.
    public var convolution: Value
    /// Depthwise convolutions, which reuse nothing and cost more for each product.
    public var depthwise: Value
    /// Dense layers, which read every weight once from flash.
    public var dense: Value

    /// Makes the value from its fields.
    public init(convolution: Value, depthwise: Value, dense: Value) {
        self.convolution = convolution
        self.depthwise = depthwise
        self.dense = dense
    }
}

/// Multiply-accumulate operations of one inference.
public typealias MACCount = PerLayerKind<Int>

extension MACCount {
    /// All of them.
    public var total: Int { convolution + depthwise + dense }

    /// Counts those of a network; taps that fall on padding count, as they do in the published figures.
    public init(_ network: QuantizedNetwork) {
        self.init(convolution: 0, depthwise: 0, dense: 0)
        for node in network.nodes {
            let shape = network.tensors[node.output].shape
            switch node.operation {
            case .convolution(let filter, _, _): convolution += filter.shape.count * shape.height * shape.width
            case .depthwiseConvolution(let filter, _, _):
                depthwise += filter.shape.count * shape.height * shape.width
            case .dense(let filter, _): dense += filter.shape.count
            default: break
            }
        }
    }
}
