/// Bits in bytes, the first in the lowest bit.
struct BitWriter {
    private var bytes: [UInt8] = []
    private var pending: UInt64 = 0
    private var pendingBits = 0

    init(reservingBytes capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// Appends the lowest `count` bits of `value`, 0–32; higher bits of `value` are zero.
    @inline(__always)
    mutating func append(_ value: UInt32, count: Int) {
        pending |= UInt64(value) << UInt64(pendingBits)
        pendingBits += count
        while pendingBits >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            pendingBits -= 8
        }
    }

    /// Appends `number` zeros and a one.
    @inline(__always)
    mutating func appendUnary(_ number: Int) {
        var rest = number
        while rest >= 32 {
            append(0, count: 32)
            rest -= 32
        }
        append(1 << UInt32(rest), count: rest + 1)
    }

    /// All bytes, the last filled up with zeros.
    consuming func finish() -> [UInt8] {
        if pendingBits > 0 { bytes.append(UInt8(truncatingIfNeeded: pending)) }
        return bytes
    }
}
