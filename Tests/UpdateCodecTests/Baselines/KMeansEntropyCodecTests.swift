import Tensors
import Testing
import UpdateCodec

struct KMeansEntropyCodecTests {
    @Test func sixteenCentroidsReachTheOptimumOfANormalTensor() throws {
        let layout = try ParameterLayout([("w", [16, 2048], .weight)])
        let update = CodecFixture.update(layout, seed: 1)
        let codec = KMeansEntropyCodec()
        let bytes = try codec.encode(update, layout: layout, context: CodecFixture.context)
        let decoded = try BaselineCodecsTests.decode(codec, bytes, layout)
        // Max (1960) gives 0.009497 for the optimal 16-level quantizer, whose output has 3.77 bits of entropy.
        let error = CodecFixture.nmse(update, decoded)
        #expect(error > 0.0090 && error < 0.0099)
        let bitsPerParameter = Double(8 * bytes.count) / Double(layout.count)
        #expect(bitsPerParameter > 3.7 && bitsPerParameter < 3.82)
        #expect(Set(decoded).count <= 16)
    }
}
