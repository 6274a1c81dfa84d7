import Encryption
import Privacy
import Tensors
import Testing

struct MaskedVectorTests {
    static let counts = [0, 1, 7, 8, 9, 511, 512, 513, 1535, 20_000]

    @Test(arguments: [2, 5, 8, 9, 11, 15, 18, 30], counts)
    func packsAndReadsBack(bits: Int, count: Int) {
        let values = Self.values(count, bits: bits, seed: Seed(1).derived("pack", bits, count))
        let vector = MaskedVector(values, bits: bits)
        #expect(vector.centred() == values)
        #expect(vector.bytes.count == MaskedVector.byteCount(count: count, bits: bits))
        #expect(vector.bytes.count * 8 < count * bits + 8 * bits)
        #expect(MaskedVector(bytes: vector.bytes, count: count, bits: bits) == vector)
        #expect(MaskedVector(bytes: vector.bytes + [0], count: count, bits: bits) == nil)
    }

    @Test(arguments: [2, 5, 8, 11, 15], counts)
    func addsModuloAPowerOfTwo(bits: Int, count: Int) {
        let a = Self.values(count, bits: bits, seed: Seed(2))
        let b = Self.values(count, bits: bits, seed: Seed(3))
        var sum = MaskedVector(a, bits: bits)
        sum.add(MaskedVector(b, bits: bits))
        #expect(sum == MaskedVector(zip(a, b).map { $0 &+ $1 }, bits: bits))
    }

    /// The fast kernel against a plain one that reads the stream value by value.
    @Test(arguments: [2, 5, 8, 11, 15], counts)
    func streamIsLaidOverEveryBit(bits: Int, count: Int) {
        let key = SecretBytes(MaskingFixture.entropy(Seed(4))(32))
        let plain = Self.values(count, bits: bits, seed: Seed(5))
        var stream = [UInt8](repeating: 0, count: MaskedVector.byteCount(count: count, bits: bits))
        stream.withUnsafeMutableBytes { KeyStream(key: key).write(to: $0, fromBlock: 0) }
        let laid = (0..<count).map { Self.plainValue($0, of: stream, count: count, bits: bits) }
        var vector = MaskedVector(plain, bits: bits)
        vector.apply([Mask(key: key, isSubtracted: false)])
        #expect(vector.centred() == MaskedVector(zip(plain, laid).map { $0 &+ $1 }, bits: bits).centred())
        vector.apply([Mask(key: key, isSubtracted: true), Mask(key: key, isSubtracted: true)])
        #expect(vector.centred() == MaskedVector(zip(plain, laid).map { $0 &- $1 }, bits: bits).centred())
    }

    private static func plainValue(_ index: Int, of bytes: [UInt8], count: Int, bits: Int) -> Int32 {
        let group = index / 512
        let width = (min(512, count - 512 * group) + 7) / 8
        let place = index % 512
        return (0..<bits).reduce(0) { value, bit in
            let byte = bytes[group * bits * 64 + bit * width + place / 8]
            return value | Int32(byte >> (place % 8) & 1) << Int32(bit)
        }
    }

    static func values(_ count: Int, bits: Int, seed: Seed) -> [Int32] {
        var random = SeededRandom(seed)
        return (0..<count).map { _ in Int32(random.below(1 << bits) - 1 << (bits - 1)) }
    }
}
