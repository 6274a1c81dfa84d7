/// Little-endian base-128 integers: seven bits per byte, the highest bit set on all but the last byte.
enum Varint {
    /// Appends `value` in as few bytes as it needs.
    static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Reads one integer below 2^56, which must not end in a needless zero byte.
    static func read<Bytes: RandomAccessCollection<UInt8>>(
        _ bytes: Bytes, at position: inout Int
    ) throws(CodecError) -> UInt64 where Bytes.Index == Int {
        var value: UInt64 = 0
        for index in 0..<8 {
            guard position < bytes.endIndex else { throw .truncated }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7f) << UInt64(7 * index)
            if byte < 0x80 {
                guard byte != 0 || index == 0 else { throw .corruptHeader }
                return value
            }
        }
        throw .corruptHeader
    }
}
