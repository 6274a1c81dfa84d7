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

    @Test(arguments: [0.05, 0.001])
    func readsFactorsInBulk(target: Double) throws {
        let layout = try ParameterLayout([
            ("conv/weight", [96, 40, 3, 3], .weight), ("conv/bias", [96], .vector),
            ("dense/weight", [150, 96 * 4], .weight),
        ])
        let update = TransformCodecTests.structured(layout, seed: 3, noise: 0.01)
        let codec = try UpdateCodecs.named("lowrank:nmse=\(target)")
        let bytes = try codec.encode(update, layout: layout, context: CodecFixture.context)
        var decoded = [Float](repeating: 0, count: layout.count)
        try codec.decode(bytes, layout: layout, context: CodecFixture.context, into: &decoded)
        let headerCount = 2 + bytes[1...].prefix { $0 > 127 }.count + 1
        let bulkCount = Int(bytes[headerCount + 2])
        #expect(bulkCount > 0)
        let plain = try #require(PlainTransformDecoder.decode(bytes, headerCount: headerCount, layout: layout))
        #expect(CodecFixture.nmse(decoded, plain.map { Float($0) }) < 1e-10)
    }
}
