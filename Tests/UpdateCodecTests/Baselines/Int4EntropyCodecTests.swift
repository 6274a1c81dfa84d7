import Tensors
import Testing
import UpdateCodec

struct Int4EntropyCodecTests {
    @Test func errorIsAtMostHalfAStepOfTheRow() throws {
        let layout = try CodecFixture.layout()
        let update = CodecFixture.update(layout, seed: 1)
        let codec = Int4EntropyCodec()
        let bytes = try codec.encode(update, layout: layout, context: CodecFixture.context)
        let decoded = try BaselineCodecsTests.decode(codec, bytes, layout)
        for entry in layout.entries {
            for start in stride(from: entry.offset, to: entry.range.upperBound, by: entry.columnCount) {
                let row = start..<(start + entry.columnCount)
                // The scale is rounded up to eight bits.
                let step = update[row].reduce(0) { max($0, abs($1)) } / 7 * (1 + 0x1p-7)
                for index in row { #expect(abs(update[index] - decoded[index]) <= step / 2 * 1.001) }
            }
        }
    }

    @Test func heavyTailsCostFarLessThanFourBits() throws {
        let layout = try ParameterLayout([("w", [16, 4096], .weight)])
        let update = CodecFixture.update(layout, seed: 2).map { $0 * $0 * $0 }
        let bytes = try Int4EntropyCodec().encode(update, layout: layout, context: CodecFixture.context)
        #expect(bytes.count * 8 < layout.count)
    }
}
