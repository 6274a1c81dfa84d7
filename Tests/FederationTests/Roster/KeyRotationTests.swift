import Encryption
import Federation
import Messages
import Testing

struct KeyRotationTests {
    @Test func travelsAsALineOfText() throws {
        let (old, new) = (NodeIdentity.generate(.client), NodeIdentity.generate(.client))
        let rotation = KeyRotation(from: old, to: new)
        let read = try KeyRotation(text: rotation.text)
        #expect(read == rotation)
        #expect(read.oldIdentity.bytes == old.signing.publicKey && read.transportKey.bytes == new.transport.publicKey)
    }

    @Test func everyChangedDigitIsRefused() throws {
        let text = KeyRotation(from: .generate(.client), to: .generate(.client)).text
        for index in text.indices where text[index] != "." {
            var changed = text
            changed.replaceSubrange(index...index, with: text[index] == "0" ? "1" : "0")
            #expect(throws: FederationError.self) { try KeyRotation(text: changed) }
        }
        #expect(throws: FederationError.self) { try KeyRotation(text: String(text.dropLast())) }
        #expect(throws: FederationError.self) { try KeyRotation(text: "") }
    }

    @Test func oldKeyIsGoodDuringTheOverlapAndNotAfterIt() {
        let (old, new) = (Fixtures.peer(100), Fixtures.peer(101))
        let entry = RosterEntry(
            number: 0, name: "a", transportKey: new, former: .init(transportKey: old, expiry: 1000))
        let roster = Roster(entries: [entry])
        #expect(roster.admitted(old, at: 999)?.number == 0)
        #expect(roster.admitted(old, at: 1000) == nil)
        #expect(roster.admitted(new, at: 5000)?.number == 0)
        var revoked = entry
        revoked.standing = .revoked
        #expect(Roster(entries: [revoked]).admitted(old, at: 0) == nil)
    }
}
