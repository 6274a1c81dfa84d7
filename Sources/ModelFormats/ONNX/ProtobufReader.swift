/// Walks over the fields of one protocol buffers message (https://protobuf.dev/programming-guides/encoding/) without
/// copying them; offsets in errors are those of the whole file.
struct ProtobufReader {
    /// A field's content as the wire has it; the message says what it means.
    enum Value {
        case varint(UInt64)
        case fixed64(UInt64)
        case bytes(ArraySlice<UInt8>)
        case fixed32(UInt32)
    }

    private let bytes: ArraySlice<UInt8>
    private(set) var offset: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        offset = bytes.startIndex
    }

    func failure(_ cause: String) -> ModelFormatError { .malformed(offset: offset, cause: cause) }

    /// Calls `field` with every field's number and value, in the order of the file.
    static func fields(
        _ bytes: ArraySlice<UInt8>, _ field: (Int, Value, ProtobufReader) throws(ModelFormatError) -> Void
    ) throws(ModelFormatError) {
        var reader = ProtobufReader(bytes)
        while reader.offset < bytes.endIndex {
            let (number, value) = try reader.next()
            try field(number, value, reader)
        }
    }

    /// The whole numbers of a packed field, or the one of a field that is not packed.
    static func integers(_ value: Value, _ reader: ProtobufReader) throws(ModelFormatError) -> [Int] {
        switch value {
        case .varint(let number): return [Int(Int64(bitPattern: number))]
        case .bytes(let packed):
            var inner = ProtobufReader(packed)
            var numbers: [Int] = []
            while inner.offset < packed.endIndex { numbers.append(Int(Int64(bitPattern: try inner.varint()))) }
            return numbers
        default: throw reader.failure("whole numbers expected")
        }
    }

    private mutating func next() throws(ModelFormatError) -> (Int, Value) {
        let tag = try varint()
        guard let field = Int(exactly: tag >> 3), (1..<1 << 29).contains(field) else {
            throw failure("field number \(tag >> 3) is not one that protocol buffers have")
        }
        switch tag & 7 {
        case 0: return (field, .varint(try varint()))
        case 1: return (field, .fixed64(try fixed(8)))
        case 2:
            let length = try varint()
            guard length <= UInt64(bytes.endIndex - offset) else {
                throw failure(
                    "field \(field) should take \(length) bytes, \(bytes.endIndex - offset) are left: truncated")
            }
            defer { offset += Int(length) }
            return (field, .bytes(bytes[offset..<offset + Int(length)]))
        case 5: return (field, .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
        default: throw failure("field \(field) has wire type \(tag & 7), which is not read")
        }
    }

    private mutating func varint() throws(ModelFormatError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard offset < bytes.endIndex else { throw failure("a number is cut off: truncated") }
            let byte = bytes[offset]
            offset += 1
            guard shift < 63 || byte <= 1 else { throw failure("a number has more than 64 bits") }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        throw failure("a number has more than 64 bits")
    }

    private mutating func fixed(_ count: Int) throws(ModelFormatError) -> UInt64 {
        guard bytes.endIndex - offset >= count else { throw failure("a number is cut off: truncated") }
        defer { offset += count }
        return bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
