import Privacy
import Tensors
import Testing

struct L2ClippingTests {
    static func norm(_ vector: [Float]) -> Double {
        vector.reduce(into: 0.0) { $0 += Double($1) * Double($1) }.squareRoot()
    }

    @Test(arguments: [1, 2, 1000], [1e-20, 0.5, 3, 1e20])
    func neverLeavesANormAboveTheBound(count: Int, bound: Double) throws {
        var random = SeededRandom(Seed(UInt64(count)))
        var vector = (0..<count).map { _ in Float(random.normal()) }
        let original = vector
        let before = try L2Clipping.clip(&vector, toNorm: bound)
        #expect(before == Self.norm(original))
        #expect(Self.norm(vector) <= bound)
        if before <= bound { #expect(vector == original) } else { #expect(Self.norm(vector) > bound * 0.999) }
    }

    @Test func emptyAndZeroVectorsPass() throws {
        var empty: [Float] = []
        var zero: [Float] = [0, 0]
        #expect(try L2Clipping.clip(&empty, toNorm: 1) == 0)
        #expect(try L2Clipping.clip(&zero, toNorm: 1) == 0)
        #expect(zero == [0, 0])
    }

    @Test func refusesWhatHasNoNorm() {
        var vector: [Float] = [1, .nan]
        #expect(throws: PrivacyError.notFinite(index: 1)) { try L2Clipping.clip(&vector, toNorm: 1) }
        var sound: [Float] = [1]
        #expect(throws: PrivacyError.invalidBound(0)) { try L2Clipping.clip(&sound, toNorm: 0) }
        #expect(throws: PrivacyError.invalidBound(.infinity)) { try L2Clipping.clip(&sound, toNorm: .infinity) }
    }
}
