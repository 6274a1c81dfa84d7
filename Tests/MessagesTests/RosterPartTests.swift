import Messages
import Testing

struct RosterPartTests {
    @Test(arguments: [(1, 1), (60_000, 1), (60_001, 2), (180_000, 3), (RosterPart.wholeByteCount, 18)])
    func partsGiveTheWholeAgain(byteCount: Int, count: Int) throws {
        let whole = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let parts = RosterPart.parts(of: whole)
        #expect(parts.count == count)
        var found: [UInt8] = []
        for part in parts {
            let frame = CoordinatorMessage.roster(part).encoded()
            #expect(frame.count <= ProtocolLimits.controlByteCount)
            #expect(try CoordinatorMessage(decoding: frame) == .roster(part))
            found = try #require(part.appended(to: found))
        }
        #expect(found == whole)
    }

    @Test func partsComeInOrder() {
        let parts = RosterPart.parts(of: [UInt8](repeating: 1, count: 130_000))
        #expect(parts[1].appended(to: []) == nil)
        #expect(parts[2].appended(to: parts[0].body) == nil)
        #expect(parts[0].appended(to: parts[0].body)?.count == RosterPart.bodyByteCount)
    }

    /// Fields of the contract by hand: byte count, index, body.
    @Test(arguments: [(0, 0, 0), (1 << 20 + 1, 0, 60_000), (10, 0, 9), (10, 0, 11), (10, 1, 0), (60_010, 1, 60_000)])
    func refusesSizesThatDoNotFit(byteCount: Int, index: Int, body: Int) {
        func field(_ number: UInt8, _ value: Int) -> [UInt8] { [number << 3] + Self.varint(value) }
        let part =
            field(1, byteCount) + field(2, index) + [3 << 3 | 2] + Self.varint(body)
            + [UInt8](repeating: 0, count: body)
        #expect(throws: MessageError.self) {
            try CoordinatorMessage(decoding: [10 << 3 | 2] + Self.varint(part.count) + part)
        }
    }

    private static func varint(_ value: Int) -> [UInt8] {
        var (rest, bytes) = (value, [UInt8]())
        while rest > 127 {
            bytes.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
