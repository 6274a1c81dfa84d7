import Encryption
import Federation
import Messages
import Testing

struct SignedRosterTests {
    private let root = SigningKeyPair.generate()

    private var key: PublicKeyBytes { PublicKeyBytes(unchecked: root.publicKey) }

    private func roster(epoch: Int = 7) -> SignedRoster {
        SignedRoster(
            federation: Fixtures.federation, epoch: epoch,
            entries: [
                RosterEntry(number: 0, name: "living room", transportKey: Fixtures.peer(0)),
                RosterEntry(
                    number: 3, name: "b", transportKey: Fixtures.peer(3), identityKey: key, standing: .revoked),
            ])
    }

    @Test func readsWhatTheRootHasSigned() throws {
        let text = roster().signed(by: root)
        let read = try SignedRoster(text: text, root: key, notBefore: 7)
        #expect(read == roster() && read.hash == roster().hash)
    }

    @Test func refusesAnotherRoot() {
        let other = SigningKeyPair.generate()
        #expect(throws: FederationError.self) { try SignedRoster(text: roster().signed(by: other), root: key) }
        #expect(throws: FederationError.self) { try SignedRoster(text: roster().body, root: key) }
    }

    @Test func refusesAnOlderEpoch() {
        #expect(throws: FederationError.self) {
            try SignedRoster(text: roster(epoch: 6).signed(by: root), root: key, notBefore: 7)
        }
    }

    @Test func refusesEveryChangedLine() {
        let lines = roster().signed(by: root).split(separator: "\n").map(String.init)
        for index in lines.indices {
            var changed = lines
            changed.remove(at: index)
            #expect(throws: FederationError.self) {
                try SignedRoster(text: changed.joined(separator: "\n"), root: key)
            }
        }
    }
}
