import Tensors
import Testing
import UpdateCodec

struct SparseHalfCodecTests {
    @Test(arguments: [0.01, 0.3, 1])
    func keepsElevenBitsOfTheLargest(share: Double) throws {
        let layout = try CodecFixture.layout()
        let update = CodecFixture.update(layout, seed: 1, spread: 1e-7)
        let codec = try SparseHalfCodec(fraction: share)
        let bytes = try codec.encode(update, layout: layout, context: CodecFixture.context)
        let decoded = try BaselineCodecsTests.decode(codec, bytes, layout)
        let kept = Set(MagnitudeSelection.largest(Int((share * Double(layout.count)).rounded(.up)), of: update))
        for index in update.indices {
            if kept.contains(Int32(index)) {
                #expect(abs(update[index] - decoded[index]) <= abs(update[index]) * 0x1p-11)
            } else {
                #expect(decoded[index] == 0)
            }
        }
        let bitsPerKept = Double(8 * bytes.count) / Double(kept.count)
        #expect(bitsPerKept < 16 + (share == 0.01 ? 18 : 4))
    }
}
