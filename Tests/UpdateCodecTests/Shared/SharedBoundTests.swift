import Tensors
import Testing
import UpdateCodec

struct SharedBoundTests {
    private static func layout() throws -> ParameterLayout {
        try ParameterLayout([("0/weight", [40, 90], .weight), ("0/bias", [40], .vector)])
    }

    private static func codec(clip: Double, layout: ParameterLayout) throws -> SharedCodec {
        let zeros = [Float](repeating: 0, count: layout.count)
        let options = SharedCodecOptions(support: .lowRank(rank: 12, left: 2, explore: 0.25), bits: 8, clip: clip)
        return try SharedCodec(
            options: options, layout: layout, origin: zeros, current: zeros,
            exponents: SharedCodec.initialExponents(layout: layout, options: options, origin: zeros), seed: Seed(3))
    }

    private static func length(_ values: [Int32]) -> Double {
        values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }

    @Test(arguments: [(1e-4, 1), (0.5, 12_000), (0.5, 70_000), (1, 16), (1000, 3)])
    func stepIsAPowerOfTwoNearTheRootMeanSquare(clip: Double, count: Int) {
        let bound = SharedBound(clip: clip, count: count)
        let share = bound.step * Double(count).squareRoot() / clip
        #expect(bound.step.significand == 1 && share <= 0.5 && share > 0.25)
        #expect(bound.integerClip == clip / bound.step)
    }

    @Test(arguments: [0.01, 0.5, 20]) func wholeNumbersOfLongUpdatesAreWithinTheBound(clip: Double) throws {
        let layout = try Self.layout()
        let codec = try Self.codec(clip: clip, layout: layout)
        let bound = try #require(codec.bound)
        var random = SeededRandom(Seed(5))
        var longest = 0.0
        for trial in 0..<20 {
            let update = (0..<layout.count).map { _ in Float(clip * random.normal()) }
            let length = Self.length(codec.quantize(update, seed: Seed(UInt64(trial)))) / bound.integerClip
            longest = max(longest, length)
            // Rounding is as likely to go up as down; a whole-number clip afterwards has little left to do.
            #expect(length > 0.95 && length < 1.03, "seed 5, trial \(trial)")
        }
        #expect(longest > 0.97)
    }

    @Test func shortUpdatesKeepTheirLengthAndScalesStay() throws {
        let layout = try Self.layout()
        let codec = try Self.codec(clip: 1, layout: layout)
        let bound = try #require(codec.bound)
        var update = [Float](repeating: 0, count: layout.count)
        update[layout.count - 1] = 0.2
        let values = codec.quantize(update, seed: Seed(1))
        #expect(abs(Self.length(values) * bound.step - 0.2) < bound.step)
        let decoded = try codec.mean(values, clients: 1)
        #expect(abs(decoded[layout.count - 1] - 0.2) <= Float(bound.step))
        #expect(codec.nextExponents(values, clients: 1).allSatisfy { $0 == 4 * bound.stepExponent })
    }
}
