import Tensors

/// The header that every encoded update starts with: format version and codec in one byte, payload length as a
/// varint, and a CRC-8 over both and the layout's shape.
///
/// The length makes every truncation visible, the checksum every flipped bit of the header, and a layout that differs
/// in any size changes the checksum's start, so that an update for another model is refused.
struct UpdateFrame {
    /// The version that this build writes and reads, 0…7.
    static let version: UInt8 = 2

    /// Puts the header before a payload.
    static func wrap(_ payload: [UInt8], identifier: CodecIdentifier, layout: ParameterLayout) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payload.count + 8)
        bytes.append(version << 5 | identifier.rawValue)
        Varint.append(UInt64(payload.count), to: &bytes)
        bytes.append(Checksum.crc8(bytes, start: Checksum.fingerprint(of: layout)))
        bytes.append(contentsOf: payload)
        return bytes
    }

    /// Bytes of a payload with the header before it.
    static func byteCount(payload count: Int) -> Int {
        2 + max(1, (Int.bitWidth - count.leadingZeroBitCount + 6) / 7) + count
    }

    /// Checks the header and gives the range of the payload.
    static func unwrap(
        _ bytes: [UInt8], identifier: CodecIdentifier, layout: ParameterLayout
    ) throws(CodecError) -> Range<Int> {
        guard let first = bytes.first else { throw .truncated }
        guard first >> 5 == version else { throw .unsupportedVersion(Int(first >> 5)) }
        var position = 1
        let length = try Varint.read(bytes, at: &position)
        guard position < bytes.count else { throw .truncated }
        let sum = Checksum.crc8(bytes[..<position], start: Checksum.fingerprint(of: layout))
        guard sum == bytes[position] else { throw .corruptHeader }
        guard first & 31 == identifier.rawValue else { throw .wrongCodec(identifier: Int(first & 31)) }
        position += 1
        let available = bytes.count - position
        guard length <= UInt64(available) else { throw .truncated }
        guard length == UInt64(available) else { throw .trailingBytes(available - Int(length)) }
        return position..<bytes.count
    }
}
