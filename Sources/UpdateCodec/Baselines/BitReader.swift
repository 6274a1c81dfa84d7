/// Reads what `BitWriter` wrote, and never past the end.
struct BitReader {
    private let bytes: ArraySlice<UInt8>
    private var next: Int
    private var pending: UInt64 = 0
    private var pendingBits = 0

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        next = bytes.startIndex
    }

    /// Reads `count` bits, 0–32.
    ///
    /// - Throws: `CodecError.truncated`.
    @inline(__always)
    mutating func read(_ count: Int) throws(CodecError) -> UInt32 {
        if pendingBits < count {
            refill()
            guard pendingBits >= count else { throw .truncated }
        }
        let value = UInt32(truncatingIfNeeded: pending & (1 << UInt64(count) - 1))
        pending >>= UInt64(count)
        pendingBits -= count
        return value
    }

    /// Reads zeros up to a one and gives their number.
    ///
    /// - Throws: `CodecError.truncated`; `.corruptPayload` for more than `limit` zeros.
    @inline(__always)
    mutating func readUnary(limit: Int) throws(CodecError) -> Int {
        var zeros = 0
        while pending == 0 {
            zeros += pendingBits
            pendingBits = 0
            guard zeros <= limit else { throw .corruptPayload("a run is longer than the update") }
            refill()
            guard pendingBits > 0 else { throw .truncated }
        }
        let here = pending.trailingZeroBitCount
        guard zeros + here <= limit else { throw .corruptPayload("a run is longer than the update") }
        pending >>= UInt64(here + 1)
        pendingBits -= here + 1
        return zeros + here
    }

    /// Checks that nothing but the zeros that fill the last byte is left.
    ///
    /// - Throws: `CodecError.trailingBytes`, `.corruptPayload`.
    func finish() throws(CodecError) {
        let left = bytes.endIndex - next + pendingBits >> 3
        guard left == 0 else { throw .trailingBytes(left) }
        guard pending == 0 else { throw .corruptPayload("the last byte is not filled up with zeros") }
    }

    private mutating func refill() {
        while pendingBits <= 48, next < bytes.endIndex {
            pending |= UInt64(bytes[next]) << UInt64(pendingBits)
            pendingBits += 8
            next += 1
        }
    }
}
