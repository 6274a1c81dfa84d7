import Tensors
import Testing
import UpdateCodec

struct PredictedCodecTests {
    private let layout: ParameterLayout
    private let codec: PredictedCodec
    private let plain: any UpdateCodec

    init() throws {
        layout = try ParameterLayout([
            ("0/weight", [40, 30], .weight), ("0/bias", [40], .vector), ("0/mean", [40], .statistic),
        ])
        plain = try UpdateCodecs.named("auto:nmse=0.1")
        codec = PredictedCodec(plain)
    }

    /// Without statistics, which go another way.
    private func values(_ seed: UInt64) -> [Float] {
        var random = SeededRandom(Seed(seed))
        return (0..<layout.count).map { layout.entries[2].range.contains($0) ? 0 : random.unitFloat() - 0.5 }
    }

    private func context(_ prediction: [Float]?, tag: UInt32 = 0x8000_0007) -> CodecContext {
        var context = CodecContext(seed: Seed(1))
        context.prediction = prediction.map { UpdatePrediction(values: $0, tag: tag) }
        return context
    }

    private func decoded(_ bytes: [UInt8], _ context: CodecContext) throws -> [Float] {
        var output = [Float](repeating: .nan, count: layout.count)
        try codec.decode(bytes, layout: layout, context: context, into: &output)
        return output
    }

    private static func error(_ left: [Float], _ right: [Float]) -> Double {
        let energy = left.reduce(0) { $0 + Double($1) * Double($1) }
        return zip(left, right).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) } / energy
    }

    @Test(arguments: [0.5, 1, 1.5]) func whatIsLikeThePredictionTakesFewerBytesAtTheSameError(scale: Float) throws {
        let prediction = values(1)
        let update = zip(prediction, values(2)).map { scale * $0 + 0.3 * scale * $1 }
        let bytes = try codec.encode(update, layout: layout, context: context(prediction))
        let alone = try codec.encode(update, layout: layout, context: context(nil))
        #expect(bytes[0] == 1 && alone[0] == 0)
        #expect(2 * bytes.count < alone.count)
        #expect(Self.error(update, try decoded(bytes, context(prediction))) < 0.105)
    }

    @Test func whatIsUnlikeThePredictionIsEncodedAlone() throws {
        let update = values(1)
        let alone = try plain.encode(update, layout: layout, context: context(nil))
        let opposite = try codec.encode(update, layout: layout, context: context(update.map { -$0 }))
        #expect(opposite == [0] + alone)
        #expect(try codec.encode(update, layout: layout, context: context(values(2))).count <= alone.count + 1)
    }

    @Test func aSharedUpdateTakesAlmostNothing() throws {
        let update = values(1)
        let bytes = try codec.encode(update, layout: layout, context: context(update))
        #expect(bytes.count < 16)
        #expect(Self.error(update, try decoded(bytes, context(update))) < 1e-6)
    }

    @Test func refusesAnotherPredictionAndDamage() throws {
        let update = values(1)
        let bytes = try codec.encode(update, layout: layout, context: context(update))
        #expect(throws: CodecError.missingContext) { try decoded(bytes, context(update, tag: 7)) }
        #expect(throws: CodecError.missingContext) { try decoded(bytes, context(nil)) }
        #expect(throws: CodecError.missingContext) { try decoded(bytes, context([1])) }
        for count in 0..<bytes.count {
            #expect(throws: CodecError.self) { try decoded(Array(bytes.prefix(count)), context(update)) }
        }
        #expect(throws: CodecError.corruptHeader) { try decoded([2] + bytes.dropFirst(), context(update)) }
        var wild = bytes
        wild[5] = 33
        #expect(throws: CodecError.corruptHeader) { try decoded(wild, context(update)) }
        let huge = update.map { _ in Float.greatestFiniteMagnitude }
        wild[5] = 32
        #expect(throws: CodecError.corruptPayload("a decoded value is not finite")) {
            try decoded(wild, context(huge))
        }
        #expect(throws: CodecError.countMismatch(expected: layout.count, actual: 1)) {
            try codec.encode(update, layout: layout, context: context([1]))
        }
    }
}
