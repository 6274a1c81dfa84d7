import Quantization

extension TFLiteGraph {
    /// - Throws: `ModelFormatError.unsupported` for padding that the format has no word for.
    init(_ network: QuantizedNetwork) throws(ModelFormatError) {
        let flat = Self.flatTensors(network.nodes)
        for (index, tensor) in network.tensors.enumerated() {
            tensors.append(
                Tensor(
                    shape: Self.shape(tensor.shape, isFlat: flat.contains(index)),
                    type: tensor.bits == 8 ? .int8 : .int16, scales: [tensor.scale],
                    zeroPoints: [Int64(tensor.zeroPoint)]))
        }
        (input, output) = (Int32(network.input), Int32(network.output))
        for node in network.nodes {
            let source = network.tensors[node.inputs[0]]
            try append(node, source.shape, isWide: source.bits == 16) { filter, isDepthwise in
                let weights = Tensor(
                    shape: Self.shape(filter.shape, node.operation), type: filter.bits == 8 ? .int8 : .int4,
                    data: filter.bits == 8
                        ? filter.values.map { UInt8(bitPattern: $0) } : PackedNibbles.pack(filter.values[...]),
                    scales: filter.scales, zeroPoints: [Int64](repeating: 0, count: filter.scales.count),
                    quantizedDimension: isDepthwise ? 3 : 0)
                let bias = Tensor(
                    shape: [Int32(filter.bias.count)], type: source.bits == 8 ? .int32 : .int64,
                    data: source.bits == 8
                        ? Self.bytes(filter.bias) : Self.bytes(filter.bias.map { Int64($0) }),
                    scales: filter.scales.map { $0 * source.scale },
                    zeroPoints: [Int64](repeating: 0, count: filter.scales.count))
                return (weights, bias)
            }
        }
    }

    /// - Throws: as for an integer network.
    init(_ network: FloatNetwork) throws(ModelFormatError) {
        let flat = Self.flatTensors(network.nodes)
        for (index, tensor) in network.tensors.enumerated() {
            tensors.append(Tensor(shape: Self.shape(tensor.shape, isFlat: flat.contains(index)), type: .float32))
        }
        (input, output) = (Int32(network.input), Int32(network.output))
        for node in network.nodes {
            try append(node, network.tensors[node.inputs[0]].shape) { filter, _ in
                (
                    Tensor(
                        shape: Self.shape(filter.shape, node.operation), type: .float32,
                        data: Self.bytes(filter.values.map(\.bitPattern))),
                    Tensor(
                        shape: [Int32(filter.bias.count)], type: .float32,
                        data: Self.bytes(filter.bias.map(\.bitPattern)))
                )
            }
        }
    }

    private mutating func append<Filter>(
        _ node: NetworkNode<Filter>, _ source: FeatureShape, isWide: Bool = false,
        _ constants: (_ filter: Filter, _ isDepthwise: Bool) -> (weights: Tensor, bias: Tensor)
    ) throws(ModelFormatError) {
        let (code, options) = try Self.operation(node, source, isWide: isWide)
        var inputs = node.inputs.map { Int32($0) }
        if let filter = node.operation.filter {
            let pair = constants(filter, code == .depthwiseConvolution)
            inputs += [Int32(tensors.count), Int32(tensors.count + 1)]
            tensors += [pair.weights, pair.bias]
        }
        operators.append(Operator(code: code, inputs: inputs, output: Int32(node.output), options: options))
    }

    private static func operation<Filter>(
        _ node: NetworkNode<Filter>, _ source: FeatureShape, isWide: Bool
    ) throws(ModelFormatError) -> (TFLiteOperator, [(slot: Int, value: FlatBufferBuilder.Field)]) {
        let clamp: FlatBufferBuilder.Field = .int8(node.operation.activation.code)
        switch node.operation {
        case .convolution(_, let window, _):
            return (.convolution, try sliding(window, source, node.name) + [(3, clamp)])
        case .depthwiseConvolution(_, let window, _):
            return (
                .depthwiseConvolution, try sliding(window, source, node.name) + [(3, .int32(1)), (4, clamp)]
            )
        case .dense: return (.fullyConnected, [(0, clamp)])
        case .add:
            // At 16 bits the format takes scales for powers of two unless it is told that they are not.
            return (.add, isWide ? [(0, clamp), (1, .bool(false))] : [(0, clamp)])
        case .maxPool(let window): return (.maxPool, try pooling(window, source, node.name))
        case .averagePool(let window): return (.averagePool, try pooling(window, source, node.name))
        case .globalAveragePool:
            let window = NetworkWindow(height: source.height, width: source.width)
            return (.averagePool, try pooling(window, source, node.name))
        case .reshape: return (.reshape, [])
        case .softmax: return (.softmax, [(0, .float(1))])
        case .requantize: return (.quantize, [])
        }
    }

    private static func sliding(
        _ window: NetworkWindow, _ source: FeatureShape, _ name: String
    ) throws(ModelFormatError) -> [(slot: Int, value: FlatBufferBuilder.Field)] {
        guard window.isUnpadded || window.isSame(over: source) else {
            throw .unsupported("'\(name)': a .tflite file has no word for this padding; use 'same' or none")
        }
        return [
            (0, .int8(window.isUnpadded ? 1 : 0)), (1, .int32(Int32(window.strideWidth))),
            (2, .int32(Int32(window.strideHeight))),
        ]
    }

    private static func pooling(
        _ window: NetworkWindow, _ source: FeatureShape, _ name: String
    ) throws(ModelFormatError) -> [(slot: Int, value: FlatBufferBuilder.Field)] {
        try sliding(window, source, name) + [(3, .int32(Int32(window.width))), (4, .int32(Int32(window.height)))]
    }

    /// Tensors that have two dimensions: what dense layers and a softmax write. Everything else has four, as pools and
    /// convolutions demand even of a single position.
    private static func flatTensors<Filter>(_ nodes: [NetworkNode<Filter>]) -> Set<Int> {
        var flat: Set<Int> = []
        for node in nodes {
            switch node.operation {
            case .dense, .softmax: flat.insert(node.output)
            case .add where node.inputs.allSatisfy(flat.contains): flat.insert(node.output)
            default: break
            }
        }
        return flat
    }

    private static func shape(_ shape: FeatureShape, isFlat: Bool) -> [Int32] {
        isFlat
            ? [1, Int32(shape.channels)] : [1, Int32(shape.height), Int32(shape.width), Int32(shape.channels)]
    }

    private static func shape<Filter>(_ shape: FilterShape, _ operation: NetworkOperation<Filter>) -> [Int32] {
        if case .dense = operation { return [Int32(shape.outputs), Int32(shape.inputs)] }
        return [Int32(shape.outputs), Int32(shape.height), Int32(shape.width), Int32(shape.inputs)]
    }

    private static func bytes<Value: FixedWidthInteger>(_ values: [Value]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count * MemoryLayout<Value>.size)
        for value in values { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
        return bytes
    }
}

extension FusedActivation {
    /// Code in the schema's `ActivationFunctionType`.
    fileprivate var code: Int8 {
        switch self {
        case .none: 0
        case .relu: 1
        case .relu6: 3
        }
    }
}
