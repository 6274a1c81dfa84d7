/// Integers in blocks of 64: the sign folded into the lowest bit, one byte for the width of the widest, then the block
/// bit-packed in that width.
enum BlockPacking {
    private static let blockSize = 64
    private static let widestWidth = 18

    /// Packs integers whose magnitude stays below 2^17.
    static func pack(_ numbers: [Int32]) -> [UInt8] {
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: numbers.count, by: blockSize) {
            let folded = numbers[start..<min(start + blockSize, numbers.count)].map {
                UInt32(bitPattern: $0 << 1 ^ $0 >> 31)
            }
            let width = 32 - (folded.max() ?? 0).leadingZeroBitCount
            precondition(width <= widestWidth)
            bytes.append(UInt8(width))
            var pending: UInt64 = 0
            var pendingBits = 0
            for number in folded {
                pending |= UInt64(number) << UInt64(pendingBits)
                pendingBits += width
                while pendingBits >= 8 {
                    bytes.append(UInt8(truncatingIfNeeded: pending))
                    pending >>= 8
                    pendingBits -= 8
                }
            }
            if pendingBits > 0 { bytes.append(UInt8(truncatingIfNeeded: pending)) }
        }
        return bytes
    }

    /// Reads `count` integers from `start` to the very end of `bytes`.
    static func unpack(_ bytes: [UInt8], from start: Int, count: Int) throws(CodecError) -> [Int32] {
        var numbers: [Int32] = []
        numbers.reserveCapacity(count)
        var position = start
        while numbers.count < count {
            guard position < bytes.count else { throw .truncated }
            let width = Int(bytes[position])
            position += 1
            guard width <= widestWidth else { throw .corruptPayload("block width \(width)") }
            let size = min(blockSize, count - numbers.count)
            let end = position + (size * width + 7) >> 3
            guard end <= bytes.count else { throw .truncated }
            var pending: UInt64 = 0
            var pendingBits = 0
            for _ in 0..<size {
                while pendingBits < width {
                    pending |= UInt64(bytes[position]) << UInt64(pendingBits)
                    position += 1
                    pendingBits += 8
                }
                let folded = UInt32(truncatingIfNeeded: pending & (1 << UInt64(width) - 1))
                numbers.append(Int32(bitPattern: folded >> 1 ^ (0 &- folded & 1)))
                pending >>= UInt64(width)
                pendingBits -= width
            }
            position = end
        }
        guard position == bytes.count else { throw .trailingBytes(bytes.count - position) }
        return numbers
    }
}
