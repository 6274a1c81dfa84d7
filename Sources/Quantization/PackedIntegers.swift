/// Unsigned integers of 1–8 bits packed without gaps, first value in the lowest bits.
public enum PackedIntegers {
    /// Bytes that `count` integers of `width` bits take.
    public static func byteCount(count: Int, width: Int) -> Int { (count * width + 7) >> 3 }

    /// Packs values below 2^`width`; higher bits are a programmer's error.
    public static func pack(_ values: [UInt8], width: Int) -> [UInt8] {
        precondition((1...8).contains(width))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount(count: values.count, width: width))
        var pending: UInt32 = 0
        var pendingBits = 0
        for value in values {
            precondition(Int(value) >> width == 0, "a value does not fit its width")
            pending |= UInt32(value) << UInt32(pendingBits)
            pendingBits += width
            if pendingBits >= 8 {
                bytes.append(UInt8(truncatingIfNeeded: pending))
                pending >>= 8
                pendingBits -= 8
            }
        }
        if pendingBits > 0 { bytes.append(UInt8(truncatingIfNeeded: pending)) }
        return bytes
    }

    /// Reads `count` values back.
    ///
    /// - Throws: `QuantizationError.countMismatch` when `bytes` is not exactly as long as `count` values ask for.
    public static func unpack(_ bytes: [UInt8], count: Int, width: Int) throws(QuantizationError) -> [UInt8] {
        precondition((1...8).contains(width) && count >= 0)
        guard bytes.count == byteCount(count: count, width: width) else {
            throw .countMismatch(expected: byteCount(count: count, width: width), actual: bytes.count)
        }
        let mask = UInt32(1) << UInt32(width) - 1
        return (0..<count).map { index in
            let bit = index * width
            let next = (bit >> 3) + 1 < bytes.count ? UInt32(bytes[(bit >> 3) + 1]) : 0
            let pair = UInt32(bytes[bit >> 3]) | next << 8
            return UInt8(truncatingIfNeeded: (pair >> UInt32(bit & 7)) & mask)
        }
    }
}
