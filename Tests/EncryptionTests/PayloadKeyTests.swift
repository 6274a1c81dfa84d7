import Encryption
import Testing

@Suite struct PayloadKeyTests {
    let client = AgreementKeyPair.generate()
    let coordinator = AgreementKeyPair.generate()

    func keys(_ context: [UInt8] = [1, 2]) throws -> (sender: PayloadKey, receiver: PayloadKey) {
        (
            try PayloadKey(ours: client, theirs: coordinator.publicKey, context: context),
            try PayloadKey(ours: coordinator, theirs: client.publicKey, context: context)
        )
    }

    @Test(arguments: [0, 1, 15, 16, 17, 1000, 65536]) func opensWhatItSealed(byteCount: Int) throws {
        let (sender, receiver) = try keys()
        let plaintext = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0) }
        let data = try Fixture.data(payload: plaintext)
        let sealed = try sender.seal(plaintext, associatedData: data)
        #expect(sealed.count == byteCount + 16)
        #expect(try receiver.open(sealed, associatedData: data) == plaintext)
    }

    @Test func everyBitFlipFails() throws {
        let (sender, receiver) = try keys()
        let data = try Fixture.data(payload: Array("an update".utf8))
        let sealed = try sender.seal(Array("an update".utf8), associatedData: data)
        for bit in 0..<8 * sealed.count {
            var flipped = sealed
            flipped[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: EncryptionError.authenticationFailed) { try receiver.open(flipped, associatedData: data) }
        }
    }

    @Test func everyTruncationFails() throws {
        let (sender, receiver) = try keys()
        let data = try Fixture.data(payload: Array("an update".utf8))
        let sealed = try sender.seal(Array("an update".utf8), associatedData: data)
        for count in 0..<sealed.count {
            #expect(throws: EncryptionError.authenticationFailed) {
                try receiver.open(Array(sealed[..<count]), associatedData: data)
            }
        }
    }

    @Test(arguments: Fixture.variations.indices) func everyFieldOfTheAssociatedDataMatters(index: Int) throws {
        let (sender, receiver) = try keys()
        let payload = Array("an update".utf8)
        let data = try Fixture.data(payload: payload)
        let other = try Fixture.variations[index](Fixture(payload: payload)).data()
        #expect(data.encoded != other.encoded)
        let sealed = try sender.seal(payload, associatedData: data)
        #expect(throws: EncryptionError.authenticationFailed) { try receiver.open(sealed, associatedData: other) }
    }

    @Test func contextAndKeysMatter() throws {
        let payload: [UInt8] = [1, 2, 3]
        let data = try Fixture.data(payload: payload)
        let sealed = try keys().sender.seal(payload, associatedData: data)
        #expect(throws: EncryptionError.authenticationFailed) {
            try keys([2]).receiver.open(sealed, associatedData: data)
        }
        let stranger = try PayloadKey(ours: .generate(), theirs: client.publicKey, context: [1, 2])
        #expect(throws: EncryptionError.authenticationFailed) { try stranger.open(sealed, associatedData: data) }
    }

    @Test func resendsAreIdenticalAndChangesRefused() throws {
        let (sender, _) = try keys()
        let data = try Fixture.data(payload: [1, 2, 3])
        let first = try sender.seal([1, 2, 3], associatedData: data)
        #expect(try sender.seal([1, 2, 3], associatedData: data) == first)
        #expect(throws: EncryptionError.plaintextChanged) { try sender.seal([1, 2, 4], associatedData: data) }
        let copy = sender
        #expect(throws: EncryptionError.plaintextChanged) { try copy.seal([1, 2, 4], associatedData: data) }
    }

    @Test func equalChunksOfOnePayloadLookDifferent() throws {
        let (sender, _) = try keys()
        let data = try Fixture.data(payload: [7, 7])
        let first = try sender.seal([7], associatedData: data.chunk(0))
        let second = try sender.seal([7], associatedData: data.chunk(1))
        #expect(first != second)
    }

    @Test func sealsTheGoldenMessage() throws {
        let golden = try Golden.load()
        let client = try AgreementKeyPair(secret: golden.bytes("client_secret"))
        let key = try PayloadKey(ours: client, theirs: golden.bytes("round_public"), context: golden.bytes("context"))
        let data = try golden.associatedData()
        #expect(Hex.text(data.encoded) == golden["associated_data"])
        let sealed = try key.seal(golden.bytes("plaintext"), associatedData: data)
        #expect(Hex.text(sealed) == golden["sealed"])
    }
}

@Suite struct AssociatedDataTests {
    @Test func hasOneLength() throws {
        #expect(try Fixture.data(payload: []).encoded.count == AssociatedData.byteCount)
    }

    @Test(arguments: [0, 15, 17]) func refusesOtherLengths(byteCount: Int) {
        var fixture = Fixture(payload: [])
        fixture.session = [UInt8](repeating: 0, count: byteCount)
        #expect(throws: EncryptionError.wrongLength("session", expected: 16, actual: byteCount)) { try fixture.data() }
    }

    @Test func resultIDFollowsThePayload() {
        let first = AssociatedData.resultID(of: [1, 2, 3])
        #expect(first.count == 8)
        #expect(first == AssociatedData.resultID(of: [1, 2, 3]))
        #expect(first != AssociatedData.resultID(of: [1, 2, 4]))
    }
}

/// Associated data whose fields can be changed one by one.
struct Fixture {
    var version: UInt32 = 1
    var federation = [UInt8](repeating: 1, count: 16)
    var round: UInt32 = 7
    var session = [UInt8](repeating: 2, count: 16)
    var phase = AssociatedData.Phase.update
    var sender = [UInt8](repeating: 3, count: 32)
    var receiver = [UInt8](repeating: 4, count: 32)
    var modelHash = [UInt8](repeating: 5, count: 32)
    var parameterHash = [UInt8](repeating: 6, count: 32)
    var resultID: [UInt8]
    var chunkIndex: UInt32 = 0
    var chunkCount: UInt32 = 1
    var byteCount: UInt64

    init(payload: [UInt8]) {
        resultID = AssociatedData.resultID(of: payload)
        byteCount = UInt64(payload.count)
    }

    static func data(payload: [UInt8]) throws -> AssociatedData { try Fixture(payload: payload).data() }

    func data() throws(EncryptionError) -> AssociatedData {
        try AssociatedData(
            protocolVersion: version, federation: federation, round: round, session: session, phase: phase,
            sender: sender, receiver: receiver, modelHash: modelHash, parameterHash: parameterHash,
            resultID: resultID, chunkIndex: chunkIndex, chunkCount: chunkCount, byteCount: byteCount)
    }

    func with(_ change: (inout Fixture) -> Void) -> Fixture {
        var other = self
        change(&other)
        return other
    }

    static let variations: [@Sendable (Fixture) -> Fixture] = [
        { $0.with { $0.version += 1 } }, { $0.with { $0.federation[15] ^= 1 } }, { $0.with { $0.round += 1 } },
        { $0.with { $0.session[0] ^= 1 } }, { $0.with { $0.phase = .model } }, { $0.with { $0.sender[31] ^= 1 } },
        { $0.with { $0.receiver[0] ^= 1 } }, { $0.with { $0.modelHash[0] ^= 1 } },
        { $0.with { $0.parameterHash[31] ^= 1 } }, { $0.with { $0.resultID[7] ^= 1 } },
        { $0.with { $0.chunkIndex = 1 } }, { $0.with { $0.chunkCount = 2 } }, { $0.with { $0.byteCount += 1 } },
        { $0.with { swap(&$0.sender, &$0.receiver) } },
    ]
}
