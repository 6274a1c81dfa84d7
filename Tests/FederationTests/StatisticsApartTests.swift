import Federation
import Tensors
import Testing
import UpdateCodec

struct StatisticsApartTests {
    private let context = CodecContext(seed: Seed(1))

    private func layout(statistics: Int) throws -> ParameterLayout {
        var tensors: [(name: String, shape: [Int], kind: ParameterKind)] = [("0/weight", [12, 9], .weight)]
        if statistics > 0 { tensors.append(("0/mean", [statistics], .statistic)) }
        return try ParameterLayout(tensors + [("1/bias", [5], .vector)])
    }

    private func update(_ layout: ParameterLayout) -> [Float] {
        var random = SeededRandom(Seed(2))
        return (0..<layout.count).map { _ in random.unitFloat() - 0.5 }
    }

    @Test(arguments: [1, 2, 33]) func statisticsAreCloseHoweverCoarseTheRest(statistics: Int) throws {
        let layout = try layout(statistics: statistics)
        let codec = try StatisticsApart.codec("auto:nmse=0.9", layout: layout)
        var update = update(layout)
        for index in layout.entries[1].range { update[index] *= 1e-3 }
        let bytes = try codec.encode(update, layout: layout, context: context)
        var decoded = [Float](repeating: 7, count: layout.count)
        try codec.decode(bytes, layout: layout, context: context, into: &decoded)
        for index in layout.entries[1].range {
            #expect(abs(decoded[index] - update[index]) <= abs(update[index]) / 256)
        }
        for count in 0..<bytes.count {
            #expect(throws: CodecError.self) {
                try codec.decode(Array(bytes[..<count]), layout: layout, context: context, into: &decoded)
            }
        }
    }

    @Test(arguments: [Float.greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, -0.0, 1, -1])
    func everyFiniteStatisticStaysFinite(value: Float) throws {
        let layout = try layout(statistics: 1)
        let codec = try StatisticsApart.codec("auto", layout: layout)
        var update = update(layout)
        update[layout.entries[1].offset] = value
        let bytes = try codec.encode(update, layout: layout, context: context)
        var decoded = update
        try codec.decode(bytes, layout: layout, context: context, into: &decoded)
        #expect(decoded[layout.entries[1].offset].isFinite)
        update[layout.entries[1].offset] = .nan
        #expect(throws: CodecError.notFinite(index: layout.entries[1].offset)) {
            try codec.encode(update, layout: layout, context: context)
        }
    }

    @Test func infiniteStatisticIsRefused() throws {
        let layout = try layout(statistics: 1)
        let codec = try StatisticsApart.codec("auto", layout: layout)
        var bytes = try codec.encode(update(layout), layout: layout, context: context)
        (bytes[0], bytes[1]) = (0x80, 0x7f)
        var decoded = [Float](repeating: 0, count: layout.count)
        #expect(throws: CodecError.corruptPayload("a statistic is NaN or infinite")) {
            try codec.decode(bytes, layout: layout, context: context, into: &decoded)
        }
    }

    @Test func otherCodecsAndModelsAreLeftAlone() throws {
        #expect(try StatisticsApart.codec("auto", layout: layout(statistics: 0)) is TransformCodec)
        #expect(try StatisticsApart.codec("int8", layout: layout(statistics: 2)) is Int8Codec)
        #expect(try StatisticsApart.codec("float32", layout: layout(statistics: 2)) is Float32Codec)
    }
}
