extension ONNXModel {
    /// Reads a file.
    ///
    /// Fields that this type does not have are skipped, and so are constants of other element types. Refused are data
    /// in other files and tensors whose shape and data disagree.
    ///
    /// - Throws: `ModelFormatError`. Nothing is allocated beyond a small multiple of the file's own size.
    public init(decoding bytes: [UInt8]) throws(ModelFormatError) {
        self.init(opset: 0, name: "", inputs: [], outputs: [])
        var graph: ArraySlice<UInt8>?
        try ProtobufReader.fields(bytes[...]) { field, value, reader throws(ModelFormatError) in
            switch (field, value) {
            case (7, .bytes(let message)):
                guard graph == nil else { throw reader.failure("a second graph") }
                graph = message
            case (8, .bytes(let message)): try readOpset(message)
            case (14, .bytes(let message)): try readMetadata(message)
            default: break
            }
        }
        guard let graph else { throw .malformed(offset: bytes.count, cause: "no graph: this is no ONNX model") }
        guard opset > 0 else { throw .malformed(offset: bytes.count, cause: "no operator set of ONNX is named") }
        try readGraph(graph)
    }

    private mutating func readOpset(_ message: ArraySlice<UInt8>) throws(ModelFormatError) {
        var domain = ""
        var version = 0
        try ProtobufReader.fields(message) { field, value, reader throws(ModelFormatError) in
            if field == 1 { domain = try Self.text(value, reader) }
            if field == 2 { version = try Self.integer(value, reader) }
        }
        if domain.isEmpty || domain == "ai.onnx" { opset = version }
    }

    private mutating func readMetadata(_ message: ArraySlice<UInt8>) throws(ModelFormatError) {
        var (key, content) = ("", "")
        try ProtobufReader.fields(message) { field, value, reader throws(ModelFormatError) in
            if field == 1 { key = try Self.text(value, reader) }
            if field == 2 { content = try Self.text(value, reader) }
        }
        metadata[key] = content
    }

    private mutating func readGraph(_ message: ArraySlice<UInt8>) throws(ModelFormatError) {
        try ProtobufReader.fields(message) { field, value, reader throws(ModelFormatError) in
            switch (field, value) {
            case (1, .bytes(let node)): nodes.append(try Self.node(node))
            case (2, _): name = try Self.text(value, reader)
            case (5, .bytes(let tensor)):
                if let tensor = try Self.tensor(tensor) { tensors.append(tensor) }
            case (11, .bytes(let port)): inputs.append(try Self.port(port))
            case (12, .bytes(let port)): outputs.append(try Self.port(port))
            default: break
            }
        }
        let constants = Set(tensors.map(\.name))
        guard constants.count == tensors.count else {
            throw .malformed(offset: message.startIndex, cause: "two constants of the graph have one name")
        }
        // Old files list constants among the inputs.
        inputs.removeAll { constants.contains($0.name) }
    }

    private static func node(_ message: ArraySlice<UInt8>) throws(ModelFormatError) -> ONNXNode {
        var node = ONNXNode("", inputs: [], outputs: [])
        try ProtobufReader.fields(message) { field, value, reader throws(ModelFormatError) in
            switch (field, value) {
            case (1, _): node.inputs.append(try text(value, reader))
            case (2, _): node.outputs.append(try text(value, reader))
            case (4, _): node.operation = try text(value, reader)
            case (5, .bytes(let attribute)):
                let (name, content) = try Self.attribute(attribute)
                node.attributes[name] = content
            default: break
            }
        }
        return node
    }

    private static func attribute(
        _ message: ArraySlice<UInt8>
    ) throws(ModelFormatError) -> (String, ONNXNode.Attribute) {
        var name = ""
        var content = ONNXNode.Attribute.other
        var list: [Int] = []
        try ProtobufReader.fields(message) { field, value, reader throws(ModelFormatError) in
            switch (field, value) {
            case (1, _): name = try text(value, reader)
            case (2, .fixed32(let bits)): content = .float(Float(bitPattern: bits))
            case (3, _): content = .integer(try integer(value, reader))
            case (4, _): content = .text(try text(value, reader))
            case (8, _): list += try ProtobufReader.integers(value, reader)
            case (20, .varint(7)): content = .integers(list)
            default: break
            }
        }
        if case .integers = content { content = .integers(list) }
        return (name, content)
    }

    private static func port(_ message: ArraySlice<UInt8>) throws(ModelFormatError) -> Port {
        var name = ""
        var sizes: [Int] = []
        try ProtobufReader.fields(message) { field, value, reader throws(ModelFormatError) in
            if field == 1 { name = try text(value, reader) }
            if field == 2, case .bytes(let type) = value { sizes = try shape(type, path: [1, 2, 1]) }
        }
        return Port(name: name, shape: Array(sizes.dropFirst()))
    }

    /// The sizes that lie below a path of message fields: type, tensor type, shape, dimension; 0 for one without a
    /// number.
    private static func shape(_ message: ArraySlice<UInt8>, path: [Int]) throws(ModelFormatError) -> [Int] {
        var sizes: [Int] = []
        try ProtobufReader.fields(message) { field, value, reader throws(ModelFormatError) in
            guard field == path[0], case .bytes(let inner) = value else { return }
            if path.count > 1 {
                sizes += try shape(inner, path: Array(path.dropFirst()))
            } else {
                var size = 0
                try ProtobufReader.fields(inner) { field, value, reader throws(ModelFormatError) in
                    if field == 1 { size = try integer(value, reader) }
                }
                sizes.append(size)
            }
        }
        return sizes
    }

    static func text(_ value: ProtobufReader.Value, _ reader: ProtobufReader) throws(ModelFormatError) -> String {
        guard case .bytes(let bytes) = value, let text = String(validating: bytes, as: UTF8.self) else {
            throw reader.failure("text in UTF-8 expected")
        }
        return text
    }

    static func integer(_ value: ProtobufReader.Value, _ reader: ProtobufReader) throws(ModelFormatError) -> Int {
        guard case .varint(let number) = value else { throw reader.failure("a whole number expected") }
        return Int(Int64(bitPattern: number))
    }
}
