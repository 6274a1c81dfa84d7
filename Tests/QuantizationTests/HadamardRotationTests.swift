import Quantization
import Tensors
import Testing

struct HadamardRotationTests {
    static func energy(_ values: [Float]) -> Double { values.reduce(0.0) { $0 + Double($1) * Double($1) } }

    @Test(arguments: [0, 1, 2, 3, 64, 65, 1000, 4096, 10_007], [1, 2, 8, 256, 4096])
    func inverseGivesTheValuesBack(count: Int, blockSize: Int) {
        let rotation = HadamardRotation(seed: Seed(4), blockSize: blockSize)
        let values = TensorFixture.normal(count, seed: 7)
        var rotated = values
        rotation.apply(&rotated)
        #expect(abs(Self.energy(rotated) - Self.energy(values)) <= Self.energy(values) * 1e-5)
        if count > 4, blockSize > 1 { #expect(rotated != values) }
        rotation.invert(&rotated)
        #expect(largestDistance(rotated, values) < 1e-5)
    }

    @Test(arguments: [1, 2, 4, 8, 32, 64])
    func agreesWithTheMatrix(size: Int) {
        let rotation = HadamardRotation(seed: Seed(11), blockSize: size)
        let values = TensorFixture.normal(size, seed: 5)
        var rotated = values
        rotation.apply(&rotated)
        var random = SeededRandom(Seed(11))
        let signs = random.next()
        for row in 0..<size {
            var sum = 0.0
            for column in 0..<size {
                // Entry (i, j) of the Hadamard matrix is negative when i and j share an odd number of bits.
                let isNegative = ((row & column).nonzeroBitCount + Int(signs >> UInt64(column) & 1)) % 2 == 1
                sum += Double(values[column]) * (isNegative ? -1 : 1)
            }
            #expect(abs(sum / Double(size).squareRoot() - Double(rotated[row])) < 1e-5)
        }
    }

    @Test func blocksCoverEverythingInPowersOfTwo() {
        let blocks = HadamardRotation(seed: Seed(1), blockSize: 64).blocks(of: 64 * 2 + 37)
        #expect(blocks == [0..<64, 64..<128, 128..<160, 160..<164, 164..<165])
    }

    @Test func spreadsASpikeOverItsBlock() {
        var values = [Float](repeating: 0, count: 256)
        values[77] = 16
        HadamardRotation(seed: Seed(3), blockSize: 256).apply(&values)
        #expect(values.allSatisfy { abs($0) == 1 })
    }

    @Test func otherSeedsRotateOtherwise() {
        var first = TensorFixture.normal(128, seed: 1)
        var second = first
        HadamardRotation(seed: Seed(1)).apply(&first)
        HadamardRotation(seed: Seed(2)).apply(&second)
        #expect(first != second)
    }
}
