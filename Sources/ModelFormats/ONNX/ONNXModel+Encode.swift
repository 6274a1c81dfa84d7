extension ONNXModel {
    /// The bytes of the file, the same for the same model.
    public func encoded() -> [UInt8] {
        var file = ProtobufWriter()
        // Version 7 of the format came with opset 12 and 13, version 10 with 21 and its 4-bit types.
        file.integer(1, opset < 21 ? 7 : 10)
        file.text(2, "swiftlet")
        file.message(7) { writeGraph(&$0) }
        file.message(8) { entry in
            entry.text(1, "")
            entry.integer(2, opset)
        }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            file.message(14) { entry in
                entry.text(1, key)
                entry.text(2, value)
            }
        }
        return file.bytes
    }

    private func writeGraph(_ graph: inout ProtobufWriter) {
        for node in nodes { graph.message(1) { Self.write(node, &$0) } }
        graph.text(2, name)
        for tensor in tensors { graph.message(5) { Self.write(tensor, &$0) } }
        for port in inputs { graph.message(11) { Self.write(port, &$0) } }
        for port in outputs { graph.message(12) { Self.write(port, &$0) } }
    }

    private static func write(_ node: ONNXNode, _ message: inout ProtobufWriter) {
        for input in node.inputs { message.text(1, input) }
        for output in node.outputs { message.text(2, output) }
        message.text(4, node.operation)
        for (name, attribute) in node.attributes.sorted(by: { $0.key < $1.key }) where attribute != .other {
            message.message(5) { entry in
                entry.text(1, name)
                switch attribute {
                case .float(let value):
                    entry.float(2, value)
                    entry.integer(20, 1)
                case .integer(let value):
                    entry.integer(3, value)
                    entry.integer(20, 2)
                case .text(let value):
                    entry.text(4, value)
                    entry.integer(20, 3)
                case .integers(let values):
                    for value in values { entry.integer(8, value) }
                    entry.integer(20, 7)
                case .other: break
                }
            }
        }
    }

    private static func write(_ tensor: ONNXTensor, _ message: inout ProtobufWriter) {
        for size in tensor.shape { message.integer(1, size) }
        message.integer(2, tensor.elementType.rawValue)
        message.text(8, tensor.name)
        message.data(9, tensor.data)
    }

    private static func write(_ port: Port, _ message: inout ProtobufWriter) {
        message.text(1, port.name)
        message.message(2) { type in
            type.message(1) { tensor in
                tensor.integer(1, ONNXTensor.ElementType.float32.rawValue)
                tensor.message(2) { shape in
                    shape.message(1) { $0.text(2, "batch") }
                    for size in port.shape { shape.message(1) { $0.integer(1, size) } }
                }
            }
        }
    }
}
