/// Arithmetic on bit planes as `MaskedVector` lays them out.
enum BitPlanes {
    private static let plane = MaskedVector.planeByteCount
    private static let group = MaskedVector.groupCount

    private typealias Lane = SIMD4<UInt64>

    /// target ← target ± source modulo 2^bits, value by value: a full adder or subtracter runs over the planes from the
    /// lowest bit up. A borrow is the carry of the inverted target.
    static func add(
        _ source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer, count: Int, bits: Int,
        isSubtracted: Bool = false
    ) {
        let groupBytes = bits * plane
        let whole = count / group
        let flip = Lane(repeating: isSubtracted ? .max : 0)
        for first in stride(from: 0, to: whole * groupBytes, by: groupBytes) {
            for lane in stride(from: 0, to: plane, by: MemoryLayout<Lane>.size) {
                var carry = Lane.zero
                for offset in stride(from: first + lane, to: first + groupBytes, by: plane) {
                    let a = target.loadUnaligned(fromByteOffset: offset, as: Lane.self)
                    let m = source.loadUnaligned(fromByteOffset: offset, as: Lane.self)
                    target.storeBytes(of: a ^ m ^ carry, toByteOffset: offset, as: Lane.self)
                    carry = ((a ^ flip) & m) | (carry & (a ^ flip ^ m))
                }
            }
        }
        let width = (count % group + 7) / 8
        addTail(source, to: target, from: whole * groupBytes, width: width, bits: bits, flip: isSubtracted ? .max : 0)
    }

    private static func addTail(
        _ source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer, from start: Int, width: Int,
        bits: Int, flip: UInt8
    ) {
        for column in 0..<width {
            var carry: UInt8 = 0
            for offset in stride(from: start + column, to: start + bits * width, by: width) {
                let (a, m) = (target[offset], source[offset])
                target[offset] = a ^ m ^ carry
                carry = ((a ^ flip) & m) | (carry & (a ^ flip ^ m))
            }
        }
    }

    /// Writes values modulo 2^bits into planes; `planes` is zero before.
    static func split(
        _ values: UnsafeBufferPointer<Int32>, bits: Int, into planes: UnsafeMutableBufferPointer<UInt8>
    ) {
        eachOctet(values.count, bits: bits) { first, count, offset, width in
            for slice in 0..<((bits + 7) / 8) {
                var matrix: UInt64 = 0
                for index in 0..<count {
                    let byte = UInt8(truncatingIfNeeded: values[first + index] >> Int32(8 * slice))
                    matrix |= UInt64(byte) << UInt64(8 * index)
                }
                matrix = transposed(matrix)
                for bit in 0..<min(8, bits - 8 * slice) {
                    planes[offset + (8 * slice + bit) * width] = UInt8(truncatingIfNeeded: matrix >> UInt64(8 * bit))
                }
            }
        }
    }

    /// Reads values from planes, 0 up to 2^bits − 1 as bit patterns.
    static func join(
        _ planes: UnsafeBufferPointer<UInt8>, bits: Int, into values: UnsafeMutableBufferPointer<Int32>, count: Int
    ) {
        eachOctet(count, bits: bits) { first, count, offset, width in
            for index in 0..<count { values.initializeElement(at: first + index, to: 0) }
            for slice in 0..<((bits + 7) / 8) {
                var matrix: UInt64 = 0
                for bit in 0..<min(8, bits - 8 * slice) {
                    matrix |= UInt64(planes[offset + (8 * slice + bit) * width]) << UInt64(8 * bit)
                }
                matrix = transposed(matrix)
                for index in 0..<count {
                    values[first + index] |= Int32((matrix >> UInt64(8 * index)) & 0xff) << Int32(8 * slice)
                }
            }
        }
    }

    /// Calls with every run of up to eight values: its first value, their number, the position of its byte in plane 0
    /// of the group, and the bytes from one plane to the next.
    @inline(__always)
    private static func eachOctet(_ count: Int, bits: Int, _ body: (Int, Int, Int, Int) -> Void) {
        for start in stride(from: 0, to: count, by: group) {
            let values = min(group, count - start)
            let width = (values + 7) / 8
            let base = start / group * bits * plane
            for column in 0..<width {
                body(start + 8 * column, min(8, values - 8 * column), base + column, width)
            }
        }
    }

    /// An 8 × 8 matrix of bits, one row per byte, mirrored at its diagonal (Warren, "Hacker's Delight", 7-3).
    @inline(__always)
    private static func transposed(_ matrix: UInt64) -> UInt64 {
        var x = matrix
        var t = (x ^ (x >> 7)) & 0x00aa_00aa_00aa_00aa
        x ^= t ^ (t << 7)
        t = (x ^ (x >> 14)) & 0x0000_cccc_0000_cccc
        x ^= t ^ (t << 14)
        t = (x ^ (x >> 28)) & 0x0000_0000_f0f0_f0f0
        return x ^ t ^ (t << 28)
    }
}
