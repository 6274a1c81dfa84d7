import Quantization

/// A `.tflite` file as LiteRT and TensorFlow Lite Micro load it, written lean: no names, no ranges, no metadata, equal
/// vectors once. It has one signature, `serving_default`, with `input` and `output`.
public struct TFLiteFile: Hashable, Sendable {
    /// Largest file that is written (2^30), half of what the format can address.
    public static let maximumByteCount = 1 << 30

    /// The file's content.
    public let bytes: [UInt8]

    /// Writes an integer network: int8 or int16 activations, int8 or int4 weights, int32 biases, int64 on int16 activations.
    ///
    /// - Throws: `ModelFormatError.unsupported` for padding other than `same` and none, `.tooLarge`.
    public init(_ network: QuantizedNetwork) throws(ModelFormatError) {
        bytes = try Self.write(TFLiteGraph(network), isFloat: false)
    }

    /// Writes a float network.
    ///
    /// - Throws: as for an integer network.
    public init(_ network: FloatNetwork) throws(ModelFormatError) {
        bytes = try Self.write(TFLiteGraph(network), isFloat: true)
    }

    private static func write(_ graph: TFLiteGraph, isFloat: Bool) throws(ModelFormatError) -> [UInt8] {
        let size = graph.tensors.reduce(0) { $0 + $1.data.count + 64 + 12 * $1.scales.count }
        guard size <= maximumByteCount else {
            throw .tooLarge(what: ".tflite file", count: size, limit: maximumByteCount)
        }
        var builder = FlatBufferBuilder()
        // Buffer 0 is empty by convention; activations refer to it.
        var buffers = [builder.table([])]
        var tensors: [FlatBufferBuilder.Reference] = []
        for tensor in graph.tensors {
            var index: Int32 = 0
            if !tensor.data.isEmpty {
                let data = builder.vector(tensor.data, alignment: 16)
                index = Int32(buffers.count)
                buffers.append(builder.table([(0, .reference(data))]))
            }
            tensors.append(write(tensor, buffer: index, &builder))
        }
        let codes = TFLiteOperators(graph.operators)
        let operators = graph.operators.map { write($0, index: codes.index(of: $0.code), &builder) }
        let subgraph = builder.table([
            (0, .reference(builder.vector(tensors))), (1, .reference(builder.vector([graph.input]))),
            (2, .reference(builder.vector([graph.output]))), (3, .reference(builder.vector(operators))),
        ])
        let isWide = graph.tensors.contains { $0.type == .int16 }
        let codeTables = codes.codes.map { code in
            builder.table([
                (0, .int8(Int8(code.rawValue))), (2, .int32(code.version(isFloat: isFloat, isWide: isWide))),
                (3, .int32(code.rawValue)),
            ])
        }
        let model = builder.table([
            (0, .int32(3)), (1, .reference(builder.vector(codeTables))),
            (2, .reference(builder.vector([subgraph]))), (4, .reference(builder.vector(buffers))),
            (7, .reference(builder.vector([signature(graph, &builder)]))),
        ])
        return builder.finish(root: model, identifier: "TFL3")
    }

    private static func write(
        _ tensor: TFLiteGraph.Tensor, buffer: Int32, _ builder: inout FlatBufferBuilder
    ) -> FlatBufferBuilder.Reference {
        var fields: [(slot: Int, value: FlatBufferBuilder.Field)] = [(0, .reference(builder.vector(tensor.shape)))]
        if tensor.type != .float32 { fields.append((1, .int8(tensor.type.rawValue))) }
        if buffer != 0 { fields.append((2, .int32(buffer))) }
        if !tensor.scales.isEmpty {
            var quantization: [(slot: Int, value: FlatBufferBuilder.Field)] = [
                (2, .reference(builder.vector(tensor.scales.map(\.bitPattern)))),
                (3, .reference(builder.vector(tensor.zeroPoints, alignment: 8))),
            ]
            if tensor.quantizedDimension != 0 { quantization.append((6, .int32(tensor.quantizedDimension))) }
            fields.append((4, .reference(builder.table(quantization))))
        }
        return builder.table(fields)
    }

    private static func write(
        _ operation: TFLiteGraph.Operator, index: Int32, _ builder: inout FlatBufferBuilder
    ) -> FlatBufferBuilder.Reference {
        var fields: [(slot: Int, value: FlatBufferBuilder.Field)] = []
        if operation.code.optionsType != 0 {
            let options = builder.table(operation.options.filter { !$0.value.isZero })
            fields += [(3, .int8(operation.code.optionsType)), (4, .reference(options))]
        }
        fields += [
            (1, .reference(builder.vector(operation.inputs))), (2, .reference(builder.vector([operation.output]))),
        ]
        if index != 0 { fields.append((0, .int32(index))) }
        return builder.table(fields)
    }

    private static func signature(
        _ graph: TFLiteGraph, _ builder: inout FlatBufferBuilder
    ) -> FlatBufferBuilder.Reference {
        func map(_ name: String, _ tensor: Int32) -> FlatBufferBuilder.Reference {
            let text = builder.string(name)
            let entry = builder.table(
                [(0, .reference(text))] + (tensor == 0 ? [] : [(1, .int32(tensor))]))
            return builder.vector([entry])
        }
        let inputs = map("input", graph.input)
        let outputs = map("output", graph.output)
        let key = builder.string("serving_default")
        return builder.table([(0, .reference(inputs)), (1, .reference(outputs)), (2, .reference(key))])
    }
}

/// The operators that a graph uses, in order of first use.
private struct TFLiteOperators {
    private(set) var codes: [TFLiteOperator] = []

    init(_ operators: [TFLiteGraph.Operator]) {
        for operation in operators where !codes.contains(operation.code) { codes.append(operation.code) }
    }

    func index(of code: TFLiteOperator) -> Int32 { Int32(codes.firstIndex(of: code) ?? 0) }
}

extension FlatBufferBuilder.Field {
    /// Whether the value is the format's default, which is not written.
    fileprivate var isZero: Bool {
        switch self {
        case .int8(let value): value == 0
        case .int32(let value): value == 0
        case .float(let value): value == 0
        case .reference, .bool: false
        }
    }
}
