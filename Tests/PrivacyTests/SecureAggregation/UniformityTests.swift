import Foundation
import Privacy
import Tensors
import Testing

struct UniformityTests {
    /// Three clients; the magnitude decides the bits.
    private static func upload(magnitude: Int, count: Int, seed: Seed) throws -> (plain: [Int32], bytes: MaskedVector) {
        var fixture = try MaskingFixture(count: 3, seed: seed)
        try fixture.advertise(magnitude: magnitude, count: count)
        try fixture.deal()
        let plain = (0..<count).map { Int32($0 % (magnitude + 1)) }
        let client = try #require(fixture.clients[3])
        return (plain, try client.mask(plain))
    }

    @Test(arguments: [(5, 5), (8, 42), (11, 341)])
    func uploadsAreUniform(bits: Int, magnitude: Int) throws {
        var worst = 1.0
        for index in 0..<200 {
            let count = 64 << min(bits, 8)
            let (_, masked) = try Self.upload(
                magnitude: magnitude, count: count, seed: Seed(31).derived("uniform", bits, index))
            #expect(masked.bits == bits)
            // 2^8 bins at most: of 11 bits the low and the high eight.
            for shift in Set([0, max(0, bits - 8)]) {
                var bins = [Double](repeating: 0, count: 1 << min(bits, 8))
                for value in masked.centred() { bins[Int(value >> Int32(shift)) & (bins.count - 1)] += 1 }
                let mean = Double(count) / Double(bins.count)
                let statistic = bins.reduce(0) { $0 + ($1 - mean) * ($1 - mean) / mean }
                worst = min(worst, Self.upperTail(statistic, degrees: Double(bins.count - 1)))
            }
        }
        #expect(worst > 1e-4)
    }

    @Test func uploadsDoNotCorrelateWithValues() throws {
        let (plain, masked) = try Self.upload(magnitude: 42, count: 1 << 20, seed: Seed(32))
        let x = plain.map(Double.init)
        let y = masked.centred().map(Double.init)
        let (mx, my) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
        let (sxy, sxx, syy) = zip(x, y).reduce((0.0, 0.0, 0.0)) { sums, pair in
            let (dx, dy) = (pair.0 - mx, pair.1 - my)
            return (sums.0 + dx * dy, sums.1 + dx * dx, sums.2 + dy * dy)
        }
        #expect(abs(sxy / (sxx * syy).squareRoot()) < 0.005)
    }

    /// P[χ² > x] by the cube-root approximation (Wilson, Hilferty 1931).
    private static func upperTail(_ x: Double, degrees: Double) -> Double {
        let spread = 2 / (9 * degrees)
        let z = (pow(x / degrees, 1.0 / 3) - (1 - spread)) / spread.squareRoot()
        return erfc(z / 2.0.squareRoot()) / 2
    }
}
