/// Writes binary decisions as the digits of a number inside a shrinking interval (Witten, Neal, Cleary 1987,
/// doi:10.1145/214762.214771), byte by byte and without carries: a leading byte leaves as soon as both ends share it.
///
/// Bytes beyond the end read as zeros, so the last ones are left away where they are zero.
struct ArithmeticEncoder: BinaryCoder {
    private(set) var bytes: [UInt8] = []
    private var low: UInt32 = 0
    private var high: UInt32 = .max

    init(reservingCapacity capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    @inline(__always)
    mutating func code(_ bit: Int, probability: Int) -> Int {
        let split = low &+ UInt32(truncatingIfNeeded: (UInt64(high &- low) &* UInt64(probability)) >> 16)
        if bit != 0 { high = split } else { low = split &+ 1 }
        while (low ^ high) < 1 << 24 {
            bytes.append(UInt8(truncatingIfNeeded: high >> 24))
            low <<= 8
            high = high << 8 | 0xff
        }
        return bit
    }

    /// Ends the number with as few bytes as still fall inside the interval, and gives all bytes.
    consuming func finish() -> [UInt8] {
        for kept in 0...4 {
            let rest: UInt32 = kept == 4 ? 0 : .max >> UInt32(8 * kept)
            let (sum, overflow) = low.addingReportingOverflow(rest)
            let value = sum & ~rest
            if !overflow, value >= low, value <= high {
                for index in 0..<kept { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * index))) }
                break
            }
        }
        while bytes.last == 0 { bytes.removeLast() }
        return bytes
    }
}
