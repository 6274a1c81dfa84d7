import IntegerRuntime
import Quantization

/// Writes a network as a model image, see `ModelImageFormat`: the arena is planned and all scales are turned into the
/// constants of one rounding profile.
public struct ModelImageWriter {
    /// Whose rounding the image reproduces.
    public let profile: RoundingProfile

    /// Makes a writer.
    public init(profile: RoundingProfile) { self.profile = profile }

    /// The image's bytes.
    ///
    /// - Throws: `ModelFormatError.unsupported` where the sums of a layer on activations of 16 bits would have to grow by
    ///   more than 64, `.tooLarge` for an image beyond `ModelImageFormat.maximumByteCount`.
    public func image(of network: QuantizedNetwork) throws(ModelFormatError) -> [UInt8] {
        for node in network.nodes where network.tensors[node.output].bits == 16 {
            let steps = network.tensors[node.inputs[0]].scale / network.tensors[node.output].scale
            if let scales = node.operation.filter?.scales, scales.contains(where: { steps * $0 > 64 }) {
                throw .unsupported("node '\(node.name)': its output has much smaller steps than its sums")
            }
        }
        let plan = ArenaPlan(network)
        let tensorTable = ModelImageFormat.headerSize
        let operationTable = tensorTable + network.tensors.count * ModelImageFormat.tensorSize
        let constants = operationTable + network.nodes.count * ModelImageFormat.operationSize
        var bytes = ByteImage(count: constants)
        for (index, tensor) in network.tensors.enumerated() {
            write(tensor, offset: plan.offsets[index], at: tensorTable + index * ModelImageFormat.tensorSize, &bytes)
        }
        for (index, node) in network.nodes.enumerated() {
            write(node, network, at: operationTable + index * ModelImageFormat.operationSize, &bytes)
        }
        bytes.align(16)
        guard bytes.values.count <= ModelImageFormat.maximumByteCount else {
            throw .tooLarge(
                what: "model image", count: bytes.values.count, limit: ModelImageFormat.maximumByteCount)
        }
        writeHeader(network, plan, tensorTable, operationTable, &bytes)
        return bytes.values
    }

    private func writeHeader(
        _ network: QuantizedNetwork, _ plan: ArenaPlan, _ tensorTable: Int, _ operationTable: Int,
        _ bytes: inout ByteImage
    ) {
        typealias Field = ModelImageFormat.Header
        bytes.set(Field.magic, ModelImageFormat.magic)
        let isWide = network.tensors.contains { $0.bits == 16 }
        bytes.set(Field.version, UInt16(isWide ? ModelImageFormat.wideVersion : ModelImageFormat.version))
        bytes.set(Field.profile, profile.rawValue)
        bytes.set(Field.byteCount, UInt32(bytes.values.count))
        bytes.set(Field.tensorCount, UInt16(network.tensors.count))
        bytes.set(Field.operationCount, UInt16(network.nodes.count))
        bytes.set(Field.tensorTable, UInt32(tensorTable))
        bytes.set(Field.operationTable, UInt32(operationTable))
        let scratch = network.nodes.map { Self.scratchSize($0, network) }.max() ?? 0
        bytes.set(Field.arenaByteCount, UInt32(plan.byteCount + ArenaPlan.aligned(scratch)))
        bytes.set(Field.scratchOffset, UInt32(plan.byteCount))
        bytes.set(Field.input, UInt16(network.input))
        bytes.set(Field.output, UInt16(network.output))
        let sum = bytes.values.withUnsafeBytes { all in
            Checksum.crc32(UnsafeRawBufferPointer(rebasing: all[ModelImageFormat.headerSize...]))
        }
        bytes.set(Field.checksum, sum)
    }

    /// One gathered window; convolutions whose windows are contiguous need none, but the place costs little.
    private static func scratchSize(_ node: NetworkNode<QuantizedFilter>, _ network: QuantizedNetwork) -> Int {
        guard case .convolution(let filter, let window, _) = node.operation, network.tensors[node.output].bits == 8
        else { return 0 }
        let input = network.tensors[node.inputs[0]].shape
        if window.isUnpadded, window.height == 1 || window.width == input.width { return 0 }
        return filter.shape.count / filter.shape.outputs
    }

    private func write(_ tensor: QuantizedActivation, offset: Int, at record: Int, _ bytes: inout ByteImage) {
        typealias Field = ModelImageFormat.Tensor
        bytes.set(record + Field.height, UInt32(tensor.shape.height))
        bytes.set(record + Field.width, UInt32(tensor.shape.width))
        bytes.set(record + Field.channels, UInt32(tensor.shape.channels))
        bytes.set(record + Field.arenaOffset, UInt32(offset))
        bytes.set(record + Field.scale, tensor.scale.bitPattern)
        bytes.set(record + Field.zeroPoint, Int16(tensor.zeroPoint))
        bytes.set(record + Field.isWide, UInt8(tensor.bits == 16 ? 1 : 0))
    }

    private func write(
        _ node: NetworkNode<QuantizedFilter>, _ network: QuantizedNetwork, at record: Int, _ bytes: inout ByteImage
    ) {
        typealias Field = ModelImageFormat.Operation
        let (input, output) = (network.tensors[node.inputs[0]], network.tensors[node.output])
        bytes.set(record + Field.kind, node.operation.kind.rawValue)
        bytes.set(record + Field.input, UInt16(node.inputs[0]))
        bytes.set(record + Field.secondInput, UInt16(node.inputs[node.inputs.count - 1]))
        bytes.set(record + Field.output, UInt16(node.output))
        if let window = node.operation.window(over: input.shape) {
            let sizes = [
                window.height, window.width, window.strideHeight, window.strideWidth, window.top, window.left,
            ]
            for (index, size) in sizes.enumerated() { bytes.set(record + Field.window + 2 * index, UInt16(size)) }
        }
        let clamp = output.clamp(node.operation.activation)
        bytes.set(record + Field.minimum, Int16(clamp.lowerBound))
        bytes.set(record + Field.maximum, Int16(clamp.upperBound))
        if let filter = node.operation.filter {
            writeFilter(filter, node.operation.kind, input, output, at: record, &bytes)
        }
        let words: [Int32] =
            switch node.operation {
            case .add: ScaleConstants.add(input, network.tensors[node.inputs[1]], output, profile)
            case .softmax: ScaleConstants.softmax(input)
            case .requantize: ScaleConstants.requantize(input, output)
            default: []
            }
        for (index, word) in words.enumerated() { bytes.set(record + Field.words + 4 * index, word) }
    }

    private func writeFilter(
        _ filter: QuantizedFilter, _ kind: OperationKind, _ input: QuantizedActivation, _ output: QuantizedActivation,
        at record: Int, _ bytes: inout ByteImage
    ) {
        typealias Field = ModelImageFormat.Operation
        let channels = filter.bias.count
        let depth = filter.shape.count / channels
        let isDepthwise = kind == .depthwiseConvolution
        bytes.set(record + Field.weightBits, UInt8(filter.bits))
        bytes.align(8)
        bytes.set(record + Field.bias, UInt32(bytes.values.count))
        for channel in 0..<channels {
            var sum = filter.bias[channel]
            if !isDepthwise {
                let weights = filter.values[channel * depth..<(channel + 1) * depth]
                sum &-= input.zeroPoint &* weights.reduce(0) { $0 &+ Int32($1) }
            }
            if input.bits == 16 { bytes.append(Int64(sum)) } else { bytes.append(sum) }
        }
        bytes.align(8)
        bytes.set(record + Field.scales, UInt32(bytes.values.count))
        for scale in filter.scales {
            let words =
                input.bits == 16
                ? ScaleConstants.wideChannel(input.scale, scale, output.scale, isDense: kind == .dense, profile)
                : ScaleConstants.channel(input.scale, scale, output.scale, isDense: kind == .dense, profile)
            bytes.append(words.first)
            bytes.append(words.second)
        }
        bytes.align(16)
        bytes.set(record + Field.weights, UInt32(bytes.values.count))
        if filter.bits == 8 {
            bytes.values += filter.values.map { UInt8(bitPattern: $0) }
        } else if isDepthwise {
            bytes.values += PackedNibbles.pack(filter.values[...])
        } else {
            for channel in 0..<channels {
                bytes.values += PackedNibbles.pack(filter.values[channel * depth..<(channel + 1) * depth])
            }
        }
    }
}

/// Two int4 values to a byte, the low nibble first.
enum PackedNibbles {
    static func pack(_ values: ArraySlice<Int8>) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: (values.count + 1) / 2)
        for (index, value) in values.enumerated() {
            bytes[index / 2] |= (UInt8(bitPattern: value) & 15) << UInt8(index % 2 * 4)
        }
        return bytes
    }
}

/// Bytes that are filled in any order.
struct ByteImage {
    var values: [UInt8]

    init(count: Int) { values = [UInt8](repeating: 0, count: count) }

    mutating func set<Value: FixedWidthInteger>(_ offset: Int, _ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { source in
            for (index, byte) in source.enumerated() { values[offset + index] = byte }
        }
    }

    mutating func append<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { values.append(contentsOf: $0) }
    }

    mutating func align(_ size: Int) {
        values.append(contentsOf: repeatElement(0, count: (size - values.count % size) % size))
    }
}
