import Tensors
import Testing
import UpdateCodec

struct Int8CodecTests {
    @Test(arguments: [1e-38, 1e-3, 1, 1e36] as [Float])
    func errorIsHalfAStepOfTheRow(spread: Float) throws {
        let layout = try CodecFixture.layout()
        let update = CodecFixture.update(layout, seed: 9, spread: spread)
        let codec = Int8Codec()
        let bytes = try codec.encode(update, layout: layout, context: CodecFixture.context)
        var decoded = [Float](repeating: 0, count: layout.count)
        try codec.decode(bytes, layout: layout, context: CodecFixture.context, into: &decoded)
        for entry in layout.entries {
            let levels: Float = entry.kind == .weight ? 127 : 32767
            for start in stride(from: entry.offset, to: entry.range.upperBound, by: entry.columnCount) {
                let row = start..<(start + entry.columnCount)
                let maximum = update[row].reduce(0) { max($0, abs($1)) }
                // bfloat16 rounds the step up by less than one part in 128.
                for index in row {
                    #expect(abs(update[index] - decoded[index]) <= maximum / levels * 0.505 + 0x1p-126)
                }
            }
        }
    }

    @Test func isAQuarterOfFloat32() throws {
        let layout = try ParameterLayout([("w", [64, 576], .weight), ("b", [64], .vector)])
        let update = CodecFixture.update(layout, seed: 1)
        let small = try Int8Codec().encode(update, layout: layout, context: CodecFixture.context).count
        let large = try Float32Codec().encode(update, layout: layout, context: CodecFixture.context).count
        #expect(Double(large) / Double(small) >= 3.9)
    }
}
