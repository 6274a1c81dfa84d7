extension ONNXModel {
    /// Reads a constant; nil for an element type that is not read.
    static func tensor(_ message: ArraySlice<UInt8>) throws(ModelFormatError) -> ONNXTensor? {
        var parts = TensorParts()
        try ProtobufReader.fields(message) { field, value, reader throws(ModelFormatError) in
            try parts.read(field, value, reader)
        }
        return try parts.tensor()
    }

    /// What a `TensorProto` says, field by field.
    private struct TensorParts {
        private var name = ""
        private var type = 0
        private var shape: [Int] = []
        private var raw: [UInt8]?
        private var typed: [UInt8] = []
        private var integers: [Int] = []

        mutating func read(
            _ field: Int, _ value: ProtobufReader.Value, _ reader: ProtobufReader
        ) throws(ModelFormatError) {
            switch (field, value) {
            case (1, _): shape += try ProtobufReader.integers(value, reader)
            case (2, _): type = try ONNXModel.integer(value, reader)
            // Packed floats lie in the file as they lie in `raw_data`.
            case (4, .bytes(let floats)): typed += floats
            case (4, .fixed32(let bits)): typed += littleEndianBytes(CollectionOfOne(bits))
            case (5, _), (7, _): integers += try ProtobufReader.integers(value, reader)
            case (8, _): name = try ONNXModel.text(value, reader)
            case (9, .bytes(let bytes)): raw = Array(bytes)
            case (14, .varint(1)): throw reader.failure("a constant lies in another file, which is not read")
            default: break
            }
        }

        func tensor() throws(ModelFormatError) -> ONNXTensor? {
            guard let elementType = ONNXTensor.ElementType(rawValue: type) else { return nil }
            guard shape.count <= ONNXModel.maximumRank else {
                throw .tooLarge(
                    what: "dimensions of tensor '\(name)'", count: shape.count, limit: ONNXModel.maximumRank)
            }
            var count = 1
            for size in shape {
                let (product, overflow) = count.multipliedReportingOverflow(by: size)
                guard size >= 0, !overflow else { throw .invalidTensor(name: name, cause: "has shape \(shape)") }
                count = product
            }
            let data = raw ?? (elementType == .float32 ? typed : narrowed(elementType))
            guard elementType.byteCount(count) == data.count else {
                throw .invalidTensor(
                    name: name, cause: "\(data.count) bytes of data do not fit \(elementType) of \(shape)")
            }
            return ONNXTensor(name: name, elementType: elementType, shape: shape, data: data)
        }

        private func narrowed(_ elementType: ONNXTensor.ElementType) -> [UInt8] {
            switch elementType {
            case .int64: littleEndianBytes(integers.map(Int64.init))
            case .int32: littleEndianBytes(integers.map(Int32.init(truncatingIfNeeded:)))
            default: integers.map(UInt8.init(truncatingIfNeeded:))
            }
        }
    }
}
