import Tensors
import Testing
import UpdateCodec

struct HalfCodecTests {
    @Test(arguments: [1e-30, 1e-6, 1, 1e30] as [Float])
    func keepsElevenBitsAtAnyScale(spread: Float) throws {
        let layout = try CodecFixture.layout()
        let update = CodecFixture.update(layout, seed: 1, spread: spread)
        let bytes = try HalfCodec().encode(update, layout: layout, context: CodecFixture.context)
        #expect(bytes.count == 2 * layout.count + layout.entries.count + 4)
        let decoded = try BaselineCodecsTests.decode(HalfCodec(), bytes, layout)
        for entry in layout.entries {
            let largest = update[entry.range].reduce(0) { max($0, abs($1)) }
            for index in entry.range {
                let bound = max(abs(update[index]) * 0x1p-11, largest * 0x1p-38)
                #expect(abs(update[index] - decoded[index]) <= bound)
            }
        }
    }
}
