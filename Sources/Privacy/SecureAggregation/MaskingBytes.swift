/// Reads the fields of a message one behind the other; everything is held against the bytes that are there.
struct MaskingBytes {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func take(_ count: Int, _ field: String) throws(MaskingError) -> [UInt8] {
        guard count >= 0, bytes.count - position >= count else { throw .malformed(field) }
        defer { position += count }
        return Array(bytes[position..<(position + count)])
    }

    mutating func integer(_ byteCount: Int, _ field: String) throws(MaskingError) -> Int {
        try take(byteCount, field).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    func finish() throws(MaskingError) {
        guard position == bytes.count else { throw .malformed("bytes are left over") }
    }

    static func integer(_ value: Int, _ byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// One bit per position, the first one lowest.
    static func bitmap(_ positions: Set<Int>, count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: (count + 7) / 8)
        for position in positions { bytes[position / 8] |= 1 << (position % 8) }
        return bytes
    }

    mutating func bitmap(count: Int, _ field: String) throws(MaskingError) -> Set<Int> {
        let raw = try take((count + 7) / 8, field)
        let positions = Set((0..<(8 * raw.count)).filter { raw[$0 / 8] >> ($0 % 8) & 1 == 1 })
        guard positions.allSatisfy({ $0 < count }) else { throw .malformed(field) }
        return positions
    }
}
