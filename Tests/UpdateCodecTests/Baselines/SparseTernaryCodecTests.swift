import Tensors
import Testing
import UpdateCodec

struct SparseTernaryCodecTests {
    @Test(arguments: [0.001, 0.01, 0.1, 1])
    func sendsTheMeanOfTheLargest(share: Double) throws {
        let layout = try CodecFixture.layout()
        let update = CodecFixture.update(layout, seed: 1)
        let codec = try SparseTernaryCodec(fraction: share)
        let bytes = try codec.encode(update, layout: layout, context: CodecFixture.context)
        let decoded = try BaselineCodecsTests.decode(codec, bytes, layout)
        let kept = MagnitudeSelection.largest(Int((share * Double(layout.count)).rounded(.up)), of: update)
        let mean = Float(kept.reduce(0.0) { $0 + Double(abs(update[Int($1)])) } / Double(kept.count))
        var expected = [Float](repeating: 0, count: layout.count)
        for position in kept { expected[Int(position)] = update[Int(position)] < 0 ? -mean : mean }
        #expect(decoded == expected)
    }

    @Test func onePercentCostsAboutAnEleventhOfABit() throws {
        let layout = try ParameterLayout([("w", [10, 10_000], .weight)])
        let update = CodecFixture.update(layout, seed: 2)
        let bytes = try SparseTernaryCodec().encode(update, layout: layout, context: CodecFixture.context)
        // The entropy of the positions is 0.0808 bits a parameter, that of the signs 0.01.
        let bitsPerParameter = Double(8 * bytes.count) / Double(layout.count)
        #expect(bitsPerParameter > 0.088 && bitsPerParameter < 0.0935)
    }

    @Test func errorFeedbackSendsEverythingInTheEnd() throws {
        let layout = try CodecFixture.layout()
        let codec = try SparseTernaryCodec(fraction: 0.1)
        let update = CodecFixture.update(layout, seed: 3)
        var feedback = ErrorFeedback(count: layout.count)
        var sum = [Float](repeating: 0, count: layout.count)
        let rounds = 120
        for _ in 0..<rounds {
            var compensated = update
            feedback.compensate(&compensated)
            let bytes = try codec.encode(compensated, layout: layout, context: CodecFixture.context)
            let decoded = try BaselineCodecsTests.decode(codec, bytes, layout)
            feedback.absorb(compensated, decoded: decoded)
            for index in sum.indices { sum[index] += decoded[index] }
        }
        #expect(CodecFixture.nmse(update, sum.map { $0 / Float(rounds) }) < 0.02)
    }
}
