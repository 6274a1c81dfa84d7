import Tensors
import Testing
import UpdateCodec

/// The format document, read by a second decoder, says the same as the codec.
struct PlainTransformDecoderTests {
    @Test(arguments: ["auto", "lowrank", "entropy"], [0.5, 0.1, 0.01, 0.0001])
    func readsWhatTheCodecWrites(name: String, target: Double) throws {
        let layout = try ParameterLayout([
            ("conv/weight", [8, 4, 3, 3], .weight), ("conv/bias", [8], .vector), ("line/weight", [6, 8, 5], .weight),
            ("dense/weight", [20, 54], .weight), ("dense/bias", [20], .vector), ("mean", [3], .statistic),
        ])
        for (seed, extra) in [(1, ""), (2, ",unbiased")] as [(UInt64, String)] {
            let update = TransformCodecTests.structured(layout, seed: seed, noise: 0.004)
            let codec = try UpdateCodecs.named("\(name):nmse=\(target)\(extra)")
            let bytes = try codec.encode(update, layout: layout, context: CodecFixture.context)
            var decoded = [Float](repeating: 0, count: layout.count)
            try codec.decode(bytes, layout: layout, context: CodecFixture.context, into: &decoded)
            let headerCount = bytes[1] < 128 ? 3 : 4
            let plain = try #require(
                PlainTransformDecoder.decode(bytes, headerCount: headerCount, layout: layout), "seed \(seed)")
            #expect(CodecFixture.nmse(decoded, plain.map { Float($0) }) < 1e-10, "seed \(seed)")
        }
    }
}
