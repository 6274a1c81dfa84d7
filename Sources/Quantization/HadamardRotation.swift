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
        while 4 * half <= block.count {
            doublePass(block, half)
            half *= 4
        }
        if 2 * half <= block.count { pass(block, half) }
        let scale = 1 / Float(block.count).squareRoot()
        for index in block.indices { block[index] *= scale }
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
