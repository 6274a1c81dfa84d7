/// Walks over the payload of an update, never past its end.
struct PayloadReader {
    private let bytes: [UInt8]
    private var position: Int
    private let end: Int

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    /// The next byte.
    mutating func byte() throws(CodecError) -> UInt8 {
        guard position < end else { throw .truncated }
        position += 1
        return bytes[position - 1]
    }

    /// The next `count` bytes.
    mutating func take(_ count: Int) throws(CodecError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= end - position else { throw .truncated }
        position += count
        return bytes[(position - count)..<position]
    }

    /// Everything that is left.
    mutating func rest() -> ArraySlice<UInt8> {
        defer { position = end }
        return bytes[position..<end]
    }

    /// A little-endian integer of `byteCount` bytes.
    mutating func integer(byteCount: Int) throws(CodecError) -> UInt64 {
        try take(byteCount).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A number written by `Varint` that is at most `limit`.
    mutating func varint(limit: Int) throws(CodecError) -> Int {
        let value = try Varint.read(bytes, at: &position)
        guard position <= end else { throw .truncated }
        guard value <= UInt64(limit) else { throw .corruptPayload("\(value) is more than \(limit)") }
        return Int(value)
    }

    /// A finite float that is not negative.
    mutating func magnitude() throws(CodecError) -> Float {
        let bits = UInt32(truncatingIfNeeded: try integer(byteCount: 4))
        guard bits < 0x7f80_0000 else { throw .corruptPayload("a scale is negative, NaN or infinite") }
        return Float(bitPattern: bits)
    }

    /// Checks that nothing is left.
    func finish() throws(CodecError) {
        guard position == end else { throw .trailingBytes(end - position) }
    }
}

extension Array where Element == UInt8 {
    /// Appends the lowest `byteCount` bytes of an integer, little-endian.
    mutating func append(integer value: UInt64, byteCount: Int) {
        for index in 0..<byteCount { append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }

    /// Appends the four bytes of a float.
    mutating func append(magnitude value: Float) { append(integer: UInt64(value.bitPattern), byteCount: 4) }
}
