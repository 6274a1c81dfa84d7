import Tensors
import Testing
import UpdateCodec

struct RotatedOneBitCodecTests {
    static func layout() throws -> ParameterLayout { try ParameterLayout([("w", [8, 1024], .weight)]) }

    @Test func errorsAreThoseOfThePaper() throws {
        let layout = try Self.layout()
        let update = CodecFixture.update(layout, seed: 1)
        for (scale, expected) in [(RotatedOneBitCodec.Scale.unbiased, 0.571), (.nearest, 0.363)] {
            let codec = RotatedOneBitCodec(scale: scale)
            let bytes = try codec.encode(update, layout: layout, context: CodecFixture.context)
            #expect(bytes.count < 8192 / 8 + 32)
            let error = CodecFixture.nmse(update, try BaselineCodecsTests.decode(codec, bytes, layout))
            #expect(abs(error - expected) < 0.04)
        }
    }

    @Test func theMeanOverRoundsApproachesTheUpdate() throws {
        let layout = try Self.layout()
        // A spiky update, which signs alone describe badly.
        let update = CodecFixture.update(layout, seed: 2).map { $0 * $0 * $0 }
        let rounds = 200
        var sum = [Float](repeating: 0, count: layout.count)
        let codec = RotatedOneBitCodec()
        for round in 0..<rounds {
            let context = CodecContext(seed: Seed(9), round: round)
            let bytes = try codec.encode(update, layout: layout, context: context)
            for (index, value) in try BaselineCodecsTests.decode(codec, bytes, layout).enumerated() {
                sum[index] += value / Float(rounds)
            }
        }
        // An unbiased estimate has an error of 0.571 / rounds left; a biased one would keep its bias.
        #expect(CodecFixture.nmse(update, sum) < 2 * 0.571 / Double(rounds))
    }
}
