import Quantization
import Tensors
import Testing

struct RoundingTests {
    @Test func nearestTiesGoToEven() {
        let integers = Rounding.nearest.integers([0.5, 1.5, 2.5, -0.5, -1.5, 0.49, 9], scale: 1, range: -4...4)
        #expect(integers == [0, 2, 2, 0, -2, 0, 4])
    }

    @Test(arguments: [Rounding.nearest, .stochastic(Seed(1)), .rateDistortion(weight: 1)])
    func extremesSaturate(rounding: Rounding) {
        let extremes: [Float] = [.greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, 0]
        let integers = rounding.integers(extremes, scale: .leastNonzeroMagnitude, range: Int32.min...Int32.max)
        #expect(integers[0] >= Int32.max - 1 && integers[1] == Int32.min && integers[3] == 0)
        #expect(rounding.integers(extremes, scale: 0, range: 3...5) == [3, 3, 3, 3])
    }

    @Test(arguments: [-2.75, -0.1, 0, 0.25, 0.9, 7] as [Float])
    func stochasticRoundingIsUnbiased(value: Float) {
        let count = 40_000
        let integers = Rounding.stochastic(Seed(17)).integers(
            [Float](repeating: value, count: count), scale: 1, range: -100...100)
        let mean = integers.reduce(0.0) { $0 + Double($1) } / Double(count)
        // Five standard deviations of a mean of `count` draws, each with a deviation of at most one half.
        #expect(abs(mean - Double(value)) < 5 * 0.5 / Double(count).squareRoot())
        #expect(integers.allSatisfy { abs(Float($0) - value) < 1 })
    }

    @Test func stochasticRoundingFollowsItsSeed() {
        let values = TensorFixture.normal(500, seed: 2)
        let first = Rounding.stochastic(Seed(1)).integers(values, scale: 0.5, range: -9...9)
        #expect(first == Rounding.stochastic(Seed(1)).integers(values, scale: 0.5, range: -9...9))
        #expect(first != Rounding.stochastic(Seed(2)).integers(values, scale: 0.5, range: -9...9))
    }

    @Test(arguments: [0.02, 0.1, 0.3] as [Float])
    func rateDistortionBeatsNearestOnItsOwnMeasure(weight: Float) {
        let values = TensorFixture.normal(20_000, seed: 3)
        func cost(_ rounding: Rounding) -> Double {
            let integers = rounding.integers(values, scale: 0.8, range: -100...100)
            var counts: [Int32: Double] = [:]
            var error = 0.0
            for (value, integer) in zip(values, integers) {
                counts[integer, default: 0] += 1
                error += Double((value / 0.8 - Float(integer)) * (value / 0.8 - Float(integer)))
            }
            let bits = counts.values.reduce(0.0) { $0 - $1 * Self.log2($1 / Double(values.count)) }
            return error + Double(weight) * bits
        }
        #expect(cost(.rateDistortion(weight: weight)) < cost(.nearest))
    }

    /// log2 by repeated squaring, so that the test needs no platform function.
    static func log2(_ x: Double) -> Double {
        var fraction = x.significand
        var result = Double(x.exponent)
        var unit = 0.5
        for _ in 0..<40 {
            fraction *= fraction
            if fraction >= 2 {
                fraction /= 2
                result += unit
            }
            unit /= 2
        }
        return result
    }
}
