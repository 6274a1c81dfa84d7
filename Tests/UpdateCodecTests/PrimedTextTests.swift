import Tensors
import Testing
import UpdateCodec

struct PrimedTextTests {
    private static let primer = Array("{\"name\":\"example\",\"rounds\":10,\"model\":\"cnn\"}".utf8)

    @Test(arguments: [0, 1, 2, 7, 300, 5000]) func unpacksWhatItPacked(count: Int) throws {
        var random = SeededRandom(Seed(UInt64(count)))
        let texts: [[UInt8]] = [
            (0..<count).map { _ in UInt8(random.below(256)) }, (0..<count).map { _ in 0 },
            Array(repeating: Self.primer, count: count / Self.primer.count + 1).joined().prefix(count).map(\.self),
        ]
        for text in texts {
            let packed = PrimedText.pack(text, primer: Self.primer)
            #expect(packed.count <= count + count / 8 + 8)
            #expect(try PrimedText.unpack(packed, primer: Self.primer, limit: count) == text)
        }
    }

    @Test func whatThePrimerHasCostsLittle() {
        let text = Array("{\"name\":\"another\",\"rounds\":20,\"model\":\"cnn\"}".utf8)
        #expect(PrimedText.pack(text, primer: Self.primer).count <= 22)
        #expect(PrimedText.pack(text, primer: []).count > 30)
    }

    @Test func refusesTextsThatAreTooLongOrDoNotEnd() {
        let packed = PrimedText.pack([UInt8](repeating: 7, count: 100), primer: [])
        #expect(throws: CodecError.self) { try PrimedText.unpack(packed, primer: [], limit: 99) }
        #expect(throws: CodecError.self) {
            try PrimedText.unpack(packed + [UInt8](repeating: 1, count: 8), primer: [], limit: 100)
        }
        #expect(throws: CodecError.self) { try PrimedText.unpack([], primer: [], limit: 100) }
    }

    @Test(arguments: UInt64(0)..<200) func damageIsRefusedOrGivesAnotherText(seed: UInt64) {
        var random = SeededRandom(Seed(seed))
        var packed = PrimedText.pack(Self.primer, primer: Self.primer.reversed())
        packed[random.below(packed.count)] ^= UInt8(1 + random.below(255))
        let text = try? PrimedText.unpack(packed, primer: Self.primer.reversed(), limit: 4096)
        #expect((text?.count ?? 0) <= 4096, "seed \(seed)")
    }
}
