import Encryption
import Federation
import Messages
import Testing

struct SignedRosterTests {
    private let root = SigningKeyPair.generate()

    private var key: PublicKeyBytes { PublicKeyBytes(unchecked: root.publicKey) }

    private func roster(epoch: Int = 7) throws -> SignedRoster {
        let identity = PublicKeyBytes(unchecked: try Fixtures.clientIdentity(3).publicKey)
        return SignedRoster(
            federation: Fixtures.federation, epoch: epoch,
            entries: [
                RosterEntry(number: 0, name: "living room", transportKey: Fixtures.peer(0)),
                RosterEntry(number: 3, name: "b", transportKey: Fixtures.peer(3), identityKey: identity),
                RosterEntry(
                    number: 4, name: "c", transportKey: Fixtures.peer(4), identityKey: key, standing: .revoked),
            ])
    }

    @Test func readsWhatTheRootHasSigned() throws {
        let (read, members) = try SignedRoster.read(roster().signed(by: root), root: key, notBefore: 7)
        #expect(try read == roster())
        #expect(members.epoch == 7 && members.federation == Fixtures.federation)
        // Neither who is revoked nor who has no identity takes part.
        #expect(members.identities.keys.sorted() == [3])
    }

    @Test func refusesAnotherRoot() throws {
        let other = SigningKeyPair.generate()
        let (signed, body) = (try roster().signed(by: other), try roster().body)
        #expect(throws: FederationError.self) { try SignedRoster.read(signed, root: key) }
        #expect(throws: FederationError.self) { try SignedRoster.read(body, root: key) }
    }

    @Test func refusesAnOlderEpoch() throws {
        let text = try roster(epoch: 6).signed(by: root)
        #expect(throws: FederationError.self) { try SignedRoster.read(text, root: key, notBefore: 7) }
    }

    @Test func refusesEveryChangedLine() throws {
        let lines = try roster().signed(by: root).split(separator: "\n").map(String.init)
        for index in lines.indices {
            for replacement in [[], [lines[index].replacing("0", with: "1")], [lines[index] + "x"]] {
                var changed = lines
                changed.replaceSubrange(index...index, with: replacement)
                guard changed != lines else { continue }
                #expect(throws: FederationError.self, "line \(index)") {
                    try SignedRoster.read(changed.joined(separator: "\n"), root: key)
                }
            }
        }
    }

    @Test func twoClientsWithOneIdentityAreRefused() throws {
        let entries = (0..<2).map {
            RosterEntry(number: $0, name: "\($0)", transportKey: Fixtures.peer($0), identityKey: key)
        }
        let body = SignedRoster(federation: Fixtures.federation, epoch: 1, entries: entries).body
        #expect(throws: FederationError.self) { try SignedRoster(body: body) }
    }
}
