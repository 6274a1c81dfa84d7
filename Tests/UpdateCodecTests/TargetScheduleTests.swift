import Tensors
import Testing
import UpdateCodec

struct TargetScheduleTests {
    private static func byteCount(_ codec: String, round: Int) throws -> Int {
        let layout = try ParameterLayout([("0/weight", [64, 48], .weight)])
        var random = SeededRandom(Seed(3))
        let update = (0..<layout.count).map { _ in random.unitFloat() - 0.5 }
        return try UpdateCodecs.named(codec).encode(
            update, layout: layout, context: CodecContext(seed: Seed(1), round: round)
        ).count
    }

    @Test func theTargetMovesToItsEndAndStaysThere() throws {
        let moving = "entropy:nmse=0.5,to=0.05,over=10"
        let counts = try [1, 4, 8, 11, 40].map { try Self.byteCount(moving, round: $0) }
        #expect(counts[0] < counts[1] && counts[1] < counts[2] && counts[2] < counts[3] && counts[3] == counts[4])
        #expect(try counts[0] == Self.byteCount("entropy:nmse=0.5", round: 1))
        #expect(try counts[3] == Self.byteCount("entropy:nmse=0.05", round: 1))
    }

    @Test func theCapMovesToo() throws {
        let moving = "entropy:nmse=0.001,cap=4,capto=1,over=5"
        let counts = try [1, 3, 6].map { try Self.byteCount(moving, round: $0) }
        #expect(counts[0] > counts[1] && counts[1] > counts[2])
        #expect(counts[2] <= 64 * 48 / 8)
    }

    @Test(arguments: [
        "auto:to=0.1", "auto:over=3", "auto:to=0.1,over=0", "auto:to=2,over=3", "auto:capto=1,over=3",
        "auto:bytes=100,to=0.1,over=3", "auto:cap=1,capto=x,over=2",
    ])
    func refusesSchedulesThatSayTooLittleOrTooMuch(codec: String) {
        #expect(throws: CodecError.self) { try UpdateCodecs.named(codec) }
    }
}
