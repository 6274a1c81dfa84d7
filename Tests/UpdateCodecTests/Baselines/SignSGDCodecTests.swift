import Tensors
import Testing
import UpdateCodec

struct SignSGDCodecTests {
    @Test func sendsSignsAndTheMeanMagnitudeOfEachTensor() throws {
        let layout = try CodecFixture.layout()
        let update = CodecFixture.update(layout, seed: 1)
        let bytes = try SignSGDCodec().encode(update, layout: layout, context: CodecFixture.context)
        #expect(bytes.count == 4 + 4 * layout.entries.count + (layout.count + 7) / 8)
        let decoded = try BaselineCodecsTests.decode(SignSGDCodec(), bytes, layout)
        for entry in layout.entries {
            let mean = update[entry.range].reduce(0.0) { $0 + Double(abs($1)) } / Double(entry.count)
            for index in entry.range {
                #expect(abs(abs(Double(decoded[index])) - mean) < mean * 1e-6)
                #expect(decoded[index].sign == update[index].sign)
            }
        }
    }
}
