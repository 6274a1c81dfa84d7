/// Writes the wire form of protocol buffers (https://protobuf.dev/programming-guides/encoding/), field by field.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    /// An integer, a Boolean or an enumeration; negative numbers take ten bytes, as the format has it.
    mutating func integer(_ field: Int, _ value: Int) {
        tag(field, 0)
        varint(UInt64(bitPattern: Int64(value)))
    }

    /// A 32-bit floating point number.
    mutating func float(_ field: Int, _ value: Float) {
        tag(field, 5)
        bytes += littleEndianBytes(CollectionOfOne(value.bitPattern))
    }

    /// Bytes, or a message that was written already.
    mutating func data(_ field: Int, _ value: [UInt8]) {
        tag(field, 2)
        varint(UInt64(value.count))
        bytes += value
    }

    /// Text.
    mutating func text(_ field: Int, _ value: String) { data(field, Array(value.utf8)) }

    /// A message inside this one.
    mutating func message(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        body(&inner)
        data(field, inner.bytes)
    }

    private mutating func tag(_ field: Int, _ wireType: Int) { varint(UInt64(field << 3 | wireType)) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
