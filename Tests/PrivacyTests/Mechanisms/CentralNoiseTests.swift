import Privacy
import Tensors
import Testing

struct CentralNoiseTests {
    @Test(arguments: [1, 1000, 69_690])
    func coversTheRoundingOfEveryClient(count: Int) throws {
        let noise = try CentralNoise(noiseMultiplier: 2, clip: 0.5, parameterCount: count, fractionBits: 28)
        #expect(noise.gaussian.deviation >= 2 * (0.5 * 0x1p28 + Double(count).squareRoot() / 2))
        #expect(noise.gaussian.deviation < 2 * 0.5 * 0x1p28 * 1.00001)
    }

    @Test func drawsFromTheGivenEntropyAlone() throws {
        let noise = try CentralNoise(noiseMultiplier: 1, clip: 1, parameterCount: 10, fractionBits: 28)
        func draw(_ seed: UInt64) -> [Int64] {
            var seeded = SeededRandom(Seed(seed))
            var bytes = EntropyGenerator { count in (0..<count).map { _ in UInt8(truncatingIfNeeded: seeded.next()) } }
            return noise.draw(10, using: &bytes)
        }
        #expect(draw(1) == draw(1))
        #expect(draw(1) != draw(2))
    }
}
