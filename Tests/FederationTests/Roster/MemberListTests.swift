import Encryption
import Federation
import Messages
import Testing

struct MemberListTests {
    private static func members(_ numbers: [Int]) throws -> MemberList {
        let entries = try numbers.map { number in
            RosterEntry(
                number: number, name: "\(number)", transportKey: Fixtures.peer(number),
                identityKey: PublicKeyBytes(unchecked: try Fixtures.clientIdentity(number).publicKey))
        }
        return try Fixtures.members(of: entries, epoch: 1 << 40)
    }

    @Test(arguments: [[], [0], [5, 127, 128, 255, 256, 16_640, 2_000_000], Array(0..<100), Array(0..<4000)])
    func comesBackAsItWasSigned(numbers: [Int]) throws {
        let members = try Self.members(numbers)
        var whole: [UInt8] = []
        for part in RosterPart.parts(of: members.encoded) {
            let frame = CoordinatorMessage.roster(part).encoded()
            guard case .roster(let read) = try CoordinatorMessage(decoding: frame) else { return }
            whole = try #require(read.appended(to: whole))
        }
        let read = try MemberList(decoding: whole, federation: Fixtures.federation)
        #expect(read == members && read.hash == members.hash)
        #expect(try read.isSigned(by: Fixtures.rootKey()))
        #expect(read.identities.count == numbers.count)
    }

    /// A roster travels once for each epoch: 33 bytes for each client, and 104.
    @Test(arguments: [0, 1, 100, 1000]) func costs33BytesForEachClient(clients: Int) throws {
        #expect(try Self.members(Array(0..<clients)).encoded.count == 104 + 33 * clients)
    }

    @Test func everyBitAndLengthIsSigned() throws {
        let bytes = try Self.members([1, 200, 3000]).encoded
        let root = try Fixtures.rootKey()
        func isAccepted(_ bytes: [UInt8], _ federation: FederationID = Fixtures.federation) -> Bool {
            (try? MemberList(decoding: bytes, federation: federation))?.isSigned(by: root) ?? false
        }
        #expect(isAccepted(bytes))
        for bit in 0..<8 * bytes.count {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            #expect(!isAccepted(flipped), "bit \(bit)")
        }
        for count in 0..<bytes.count { #expect(!isAccepted(Array(bytes[..<count]))) }
        #expect(!isAccepted(bytes + [0]))
        #expect(!isAccepted(bytes, FederationID(unchecked: [UInt8](repeating: 8, count: 16))))
    }

    @Test func numbersAreBounded() throws {
        let start = Array(try Self.members([]).encoded)
        let identity = [UInt8](repeating: 1, count: 32)
        let other = [UInt8](repeating: 2, count: 32)
        let federation = Fixtures.federation
        for bad in [
            [0] + identity, [255, 255, 255, 255, 255, 255, 255, 255, 255, 127] + identity, [1] + identity.dropLast(),
            [1] + identity + [1] + identity,
        ] {
            #expect(throws: FederationError.self) { try MemberList(decoding: start + bad, federation: federation) }
        }
        let good = try MemberList(decoding: start + [1] + identity + [1] + other, federation: federation)
        #expect(good.identities.keys.sorted() == [0, 1])
    }
}
