import Encryption
import Federation
import Foundation
import Messages
import Persistence
import Testing

struct StoreRosterTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func anotherProcessSeesNewClientsAndTheCountGrows() throws {
        let serving = try CoordinatorStore(path: folder.path("a.db"))
        let operating = try CoordinatorStore(path: folder.path("a.db"))
        let before = try serving.rosterChangeCount()
        try operating.approve([("a", StoreFixture.key(1)), ("b", StoreFixture.key(2))])
        let after = try serving.rosterChangeCount()
        #expect(after > before)
        #expect(try serving.roster().entries.map(\.name) == ["a", "b"])
        #expect(try serving.roster().entries.map(\.number) == [0, 1])
        try operating.set(.revoked, client: "a")
        #expect(try serving.rosterChangeCount() > after)
        #expect(try serving.roster().entry(StoreFixture.key(1))?.standing == .revoked)
        try operating.set(.approved, client: StoreFixture.key(1).hex)
        #expect(try serving.roster().entry(StoreFixture.key(1))?.standing == .approved)
        #expect(throws: PersistenceError.unknownClient("c")) { try operating.set(.revoked, client: "c") }
    }

    @Test func aDuplicateAddsNobody() throws {
        let store = try CoordinatorStore(path: folder.path("a.db"))
        try store.approve([("a", StoreFixture.key(1))])
        for other in [("a", StoreFixture.key(2)), ("b", StoreFixture.key(1))] {
            #expect(throws: PersistenceError.self) { try store.approve([("new", StoreFixture.key(9)), other]) }
        }
        #expect(try store.roster().entries.map(\.name) == ["a"])
    }

    @Test func aTokenIsUsedOnce() throws {
        let store = try CoordinatorStore(path: folder.path("a.db"))
        let token = Federation.EnrolmentToken(transportKey: StoreFixture.key(5), expiry: 99)
        try store.add(token)
        #expect(try store.roster().tokens == [token])
        let entry = RosterEntry(
            number: 0, name: "a", transportKey: StoreFixture.key(1),
            identityKey: PublicKeyBytes(unchecked: [UInt8](repeating: 3, count: 32)))
        for _ in 0..<2 { try store.enrol(entry, token: token.transportKey) }
        #expect(try store.roster().entries == [entry])
        #expect(
            try store.roster().tokens == [
                Federation.EnrolmentToken(transportKey: StoreFixture.key(5), expiry: 99, usedBy: 0)
            ])
    }

    private static func signed(epoch: Int, federation: UInt8 = 1) throws -> MemberList {
        let root = try SigningKeyPair(seed: [UInt8](repeating: 6, count: 32))
        let text = SignedRoster(
            federation: FederationID(unchecked: [UInt8](repeating: federation, count: 16)), epoch: epoch,
            entries: [
                RosterEntry(
                    number: 2, name: "a", transportKey: StoreFixture.key(1),
                    identityKey: PublicKeyBytes(unchecked: [UInt8](repeating: 3, count: 32)))
            ]
        ).signed(by: root)
        return try SignedRoster.read(text, root: PublicKeyBytes(unchecked: root.publicKey)).members
    }

    @Test func signedRosterIsKeptAndNeverReplacedByAnOlderOne() throws {
        let serving = try CoordinatorStore(path: folder.path("a.db"))
        #expect(try serving.roster().signed == nil)
        let before = try serving.rosterChangeCount()
        try CoordinatorStore(path: folder.path("a.db")).keep(Self.signed(epoch: 4))
        #expect(try serving.rosterChangeCount() > before, "a coordinator that is serving learns of it")
        #expect(try serving.roster().signed == Self.signed(epoch: 4))
        #expect(throws: PersistenceError.olderRoster(epoch: 3, known: 4)) { try serving.keep(Self.signed(epoch: 3)) }
        #expect(throws: PersistenceError.self) { try serving.keep(Self.signed(epoch: 5, federation: 2)) }
        #expect(try CoordinatorStore(path: folder.path("a.db")).roster().signed == Self.signed(epoch: 4))
        try serving.keep(Self.signed(epoch: 5))
        #expect(try serving.roster().signed?.epoch == 5)
    }

    @Test func federationKeepsItsFirstId() throws {
        let first = FederationID(unchecked: [UInt8](repeating: 1, count: 16))
        let second = FederationID(unchecked: [UInt8](repeating: 2, count: 16))
        let store = try CoordinatorStore(path: folder.path("a.db"))
        #expect(try store.federation(or: first) == first)
        #expect(try CoordinatorStore(path: folder.path("a.db")).federation(or: second) == first)
    }
}
