import Tensors
import Testing
import UpdateCodec

struct QSGDCodecTests {
    @Test(arguments: [2, 3, 8])
    func isUnbiasedOverRounds(width: Int) throws {
        let layout = try ParameterLayout([("w", [4, 24], .weight)])
        let update = CodecFixture.update(layout, seed: 1, spread: 1)
        let codec = try QSGDCodec(width: width, bucketSize: 32)
        let rounds = 3000
        var sums = [Double](repeating: 0, count: layout.count)
        for round in 0..<rounds {
            let context = CodecContext(seed: Seed(5), round: round)
            let bytes = try codec.encode(update, layout: layout, context: context)
            for (index, value) in try BaselineCodecsTests.decode(codec, bytes, layout).enumerated() {
                sums[index] += Double(value)
            }
        }
        for index in update.indices {
            let bucket = update[(index / 32 * 32)..<(index / 32 * 32 + 32)]
            let step = Double(bucket.reduce(0) { max($0, abs($1)) }) / Double(1 << (width - 1) - 1)
            // Five standard deviations; one draw has at most half a step.
            let bound = 5 * step / 2 / Double(rounds).squareRoot() + 1e-6
            #expect(abs(sums[index] / Double(rounds) - Double(update[index])) < bound)
        }
    }

    @Test(arguments: [1, 100, 512, 65536])
    func errorIsBelowOneStepOfTheBucket(bucketSize: Int) throws {
        let layout = try CodecFixture.layout()
        let update = CodecFixture.update(layout, seed: 2)
        let codec = try QSGDCodec(width: 8, bucketSize: bucketSize)
        let bytes = try codec.encode(update, layout: layout, context: CodecFixture.context)
        let decoded = try BaselineCodecsTests.decode(codec, bytes, layout)
        for index in update.indices {
            let start = index / bucketSize * bucketSize
            let bucket = update[start..<min(start + bucketSize, update.count)]
            #expect(abs(update[index] - decoded[index]) <= bucket.reduce(0) { max($0, abs($1)) } / 127 * 1.001)
        }
    }
}
