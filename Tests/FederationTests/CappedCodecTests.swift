import Federation
import Tensors
import Testing
import UpdateCodec

struct CappedCodecTests {
    private let context = CodecContext(seed: Seed(1))
    private let layout: ParameterLayout
    private let update: [Float]

    init() throws {
        layout = try LinearModel(rows: 40, columns: 30).layout
        var random = SeededRandom(Seed(3))
        let rows = (0..<40).map { _ in random.unitFloat() - 0.5 }
        let columns = (0..<30).map { _ in random.unitFloat() - 0.5 }
        update = (0..<layout.count).map { rows[$0 / 30 % 40] * columns[$0 % 30] + 0.02 * (random.unitFloat() - 0.5) }
    }

    private func error(_ codec: any UpdateCodec, _ bytes: [UInt8]) throws -> Double {
        var decoded = [Float](repeating: 0, count: layout.count)
        try codec.decode(bytes, layout: layout, context: context, into: &decoded)
        return zip(update, decoded).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
    }

    @Test(arguments: [100, 200, 400]) func keepsToTheCapAndUsesIt(byteCount: Int) throws {
        let codec = try CappedCodec.codec("auto:nmse=0.0001", byteCount: byteCount)
        let bytes = try codec.encode(update, layout: layout, context: context)
        #expect(bytes.count <= byteCount)
        let smaller = try CappedCodec.codec("auto:nmse=0.0001", byteCount: byteCount / 2 + 20)
        let fewer = try smaller.encode(update, layout: layout, context: context)
        #expect(try error(codec, bytes) < error(smaller, fewer))
    }

    @Test func theSmallerOfBudgetAndDeviceCounts() throws {
        var compression = Compression(up: "auto:nmse=0.0001", down: .int8)
        let free = try compression.updateCodec(layout: layout).encode(update, layout: layout, context: context)
        let limited = try compression.updateCodec(layout: layout, limit: 300)
        #expect(free.count > 300)
        let bytes = try limited.encode(update, layout: layout, context: context)
        #expect(bytes.count <= 300)
        // Whoever decodes need not know of the limit.
        #expect(
            try error(compression.updateCodec(layout: layout), bytes) == error(limited, bytes))
        compression.roundByteCount = 900  // 400 for messages, two fifths of the rest for the update
        let both = try compression.updateCodec(layout: layout, limit: 300)
        #expect(try both.encode(update, layout: layout, context: context).count <= 200)
    }

    @Test func changesNothingThatFits() throws {
        let plain = try UpdateCodecs.named("auto:nmse=0.5")
        let expected = try plain.encode(update, layout: layout, context: context)
        let capped = try CappedCodec.codec("auto:nmse=0.5", byteCount: 100_000)
        #expect(try capped.encode(update, layout: layout, context: context) == expected)
        #expect(try CappedCodec.codec("auto:nmse=0.5", byteCount: nil) is TransformCodec)
        #expect(try CappedCodec.codec("int8", byteCount: 100) is Int8Codec)
    }

    @Test(arguments: [1000, 2000]) func statisticsAreWithinTheCap(byteCount: Int) throws {
        let codec = try StatisticsApart.codec("auto:nmse=0.01", layout: layout, byteCount: byteCount / 4)
        #expect(try codec.encode(update, layout: layout, context: context).count <= byteCount / 4)
    }
}
