import Tensors

/// A random rotation that both sides know from a seed: signs flipped at random, then a Walsh–Hadamard transform, block by
/// block (Ailon, Chazelle 2009, doi:10.1137/060673096; used for updates by Suresh et al. 2017, arXiv:1611.00429).
///
/// Blocks are a power of two long; what is left at the end is cut into ever smaller powers of two, so nothing is padded.
/// Only additions and one multiplication per value are involved, in a fixed order: the same bits on every machine.
/// In place, O(n log blockSize).
public struct HadamardRotation: Hashable, Sendable {
    /// Where the signs come from.
    public let seed: Seed
    /// Length of a whole block, a power of two of at most 2^20.
    public let blockSize: Int

    /// Makes a rotation; `blockSize` is a power of two, 1…2^20.
    public init(seed: Seed, blockSize: Int = 4096) {
        precondition(blockSize > 0 && blockSize & (blockSize - 1) == 0 && blockSize <= 1 << 20)
        self.seed = seed
        self.blockSize = blockSize
    }

    /// Rotates in place; lengths are kept, up to float rounding.
    public func apply(_ values: inout [Float]) {
        values.withUnsafeMutableBufferPointer { apply($0) }
    }

    /// Rotates back in place.
    public func invert(_ values: inout [Float]) {
        values.withUnsafeMutableBufferPointer { invert($0) }
    }

    /// Rotates a buffer in place.
    public func apply(_ values: UnsafeMutableBufferPointer<Float>) {
        flipSigns(values)
        for block in blocks(of: values.count) { Self.transform(UnsafeMutableBufferPointer(rebasing: values[block])) }
    }

    /// Rotates a buffer back in place.
    public func invert(_ values: UnsafeMutableBufferPointer<Float>) {
        for block in blocks(of: values.count) { Self.transform(UnsafeMutableBufferPointer(rebasing: values[block])) }
        flipSigns(values)
    }

    /// The blocks of a vector of `count` elements.
    public func blocks(of count: Int) -> [Range<Int>] {
        var blocks: [Range<Int>] = []
        var start = 0
        var size = blockSize
        while start < count {
            while size > count - start { size >>= 1 }
            blocks.append(start..<(start + size))
            start += size
        }
        return blocks
    }

    private func flipSigns(_ values: UnsafeMutableBufferPointer<Float>) {
        var random = SeededRandom(seed)
        for start in stride(from: 0, to: values.count, by: 64) {
            let signs = random.next()
            for index in start..<min(start + 64, values.count) {
                let sign = UInt32(truncatingIfNeeded: signs >> UInt64(index - start) & 1) << 31
                values[index] = Float(bitPattern: values[index].bitPattern ^ sign)
            }
        }
    }

    /// The orthonormal transform of one block, its own inverse.
    static func transform(_ block: UnsafeMutableBufferPointer<Float>) {
        var half = 1
        if block.count >= 16 {
            quadruplePass(block)
            half = 16
        }
        while 4 * half <= block.count {
            doublePass(block, half)
            half *= 4
        }
        if 2 * half <= block.count { pass(block, half) }
        let scale = 1 / Float(block.count).squareRoot()
        for index in block.indices { block[index] *= scale }
    }

    /// The first four levels of butterflies: 16 values as a 4 × 4 matrix in vector registers, across its rows, then
    /// across its columns.
    private static func quadruplePass(_ block: UnsafeMutableBufferPointer<Float>) {
        let raw = UnsafeMutableRawBufferPointer(block)
        for start in stride(from: 0, to: raw.count, by: 64) {
            func load(_ row: Int) -> SIMD4<Float> {
                raw.loadUnaligned(fromByteOffset: start + 16 * row, as: SIMD4<Float>.self)
            }
            var rows = butterflies(load(0), load(1), load(2), load(3))
            rows = transposed(rows.0, rows.1, rows.2, rows.3)
            rows = butterflies(rows.0, rows.1, rows.2, rows.3)
            rows = transposed(rows.0, rows.1, rows.2, rows.3)
            raw.storeBytes(of: rows.0, toByteOffset: start, as: SIMD4<Float>.self)
            raw.storeBytes(of: rows.1, toByteOffset: start + 16, as: SIMD4<Float>.self)
            raw.storeBytes(of: rows.2, toByteOffset: start + 32, as: SIMD4<Float>.self)
            raw.storeBytes(of: rows.3, toByteOffset: start + 48, as: SIMD4<Float>.self)
        }
    }

    private typealias Rows = (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>)

    @inline(__always)
    private static func butterflies(
        _ a: SIMD4<Float>, _ b: SIMD4<Float>, _ c: SIMD4<Float>, _ d: SIMD4<Float>
    ) -> Rows {
        let (sum, difference) = (a + b, a - b)
        let (sum2, difference2) = (c + d, c - d)
        return (sum + sum2, difference + difference2, sum - sum2, difference - difference2)
    }

    @inline(__always)
    private static func transposed(
        _ a: SIMD4<Float>, _ b: SIMD4<Float>, _ c: SIMD4<Float>, _ d: SIMD4<Float>
    ) -> Rows {
        (
            SIMD4(a[0], b[0], c[0], d[0]), SIMD4(a[1], b[1], c[1], d[1]), SIMD4(a[2], b[2], c[2], d[2]),
            SIMD4(a[3], b[3], c[3], d[3])
        )
    }

    /// Two levels of butterflies in one walk over the block.
    private static func doublePass(_ block: UnsafeMutableBufferPointer<Float>, _ half: Int) {
        for start in stride(from: 0, to: block.count, by: 4 * half) {
            for index in start..<(start + half) {
                let a = block[index]
                let b = block[index + half]
                let c = block[index + 2 * half]
                let d = block[index + 3 * half]
                let (sum, difference) = (a + b, a - b)
                let (sum2, difference2) = (c + d, c - d)
                block[index] = sum + sum2
                block[index + half] = difference + difference2
                block[index + 2 * half] = sum - sum2
                block[index + 3 * half] = difference - difference2
            }
        }
    }

    private static func pass(_ block: UnsafeMutableBufferPointer<Float>, _ half: Int) {
        for start in stride(from: 0, to: block.count, by: 2 * half) {
            for index in start..<(start + half) {
                let (a, b) = (block[index], block[index + half])
                block[index] = a + b
                block[index + half] = a - b
            }
        }
    }
}
