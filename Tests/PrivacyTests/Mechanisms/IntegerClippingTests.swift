import Privacy
import Tensors
import Testing

struct IntegerClippingTests {
    private static func norm(_ vector: [Int32]) -> Double {
        vector.reduce(into: 0.0) { $0 += Double($1) * Double($1) }.squareRoot()
    }

    @Test(arguments: [1, 3, 500], [1.0, 7.5, 1000])
    func neverExceedsTheBound(count: Int, bound: Double) throws {
        var random = SeededRandom(Seed(UInt64(count)))
        for _ in 0..<20 {
            var vector = (0..<count).map { _ in Int32(random.below(2001)) - 1000 }
            let original = vector
            let wasLonger = try IntegerClipping.clip(&vector, toNorm: bound)
            #expect(Self.norm(vector) <= bound)
            #expect(wasLonger == (Self.norm(original) > bound))
            if !wasLonger { #expect(vector == original) }
        }
    }

    @Test(arguments: [0, -1, .nan, .infinity])
    func refusesBoundsThatAreNone(bound: Double) {
        var vector: [Int32] = [1]
        #expect(throws: PrivacyError.self) { try IntegerClipping.clip(&vector, toNorm: bound) }
    }

    @Test func roundsWithinTheInflatedNormAndKeepsTheMean() throws {
        let noise = DistributedNoise(clientCount: 10, dimension: 400, scale: 8, clip: 1, centralDeviation: 1)
        var random = SeededRandom(Seed(3))
        let values = (0..<400).map { _ in Float(0.4) }
        var sum = 0.0
        for _ in 0..<50 {
            let rounded = try IntegerClipping.round(values, within: noise.roundedL2Sensitivity, using: &random)
            #expect(Self.norm(rounded) <= noise.roundedL2Sensitivity)
            #expect(rounded.allSatisfy { $0 == 0 || $0 == 1 })
            sum += rounded.reduce(0.0) { $0 + Double($1) } / 400
        }
        #expect(abs(sum / 50 - 0.4) < 0.015)
    }

    @Test func refusesToRoundWhatWasNotClipped() {
        var random = SeededRandom(Seed(4))
        #expect(throws: PrivacyError.roundingFailed(tries: 1000)) {
            try IntegerClipping.round([100, 100], within: 5, using: &random)
        }
        #expect(throws: PrivacyError.notFinite(index: 1)) {
            try IntegerClipping.round([0, .nan], within: 5, using: &random)
        }
    }

    @Test func clippingIntegersCostsNoInflation() {
        var noise = DistributedNoise(clientCount: 10, dimension: 16_384, scale: 16, clip: 1, centralDeviation: 1)
        #expect(noise.roundingInflation > 4)
        noise.clipsIntegers = true
        #expect(noise.roundingInflation == 1)
    }
}
