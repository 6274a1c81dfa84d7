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
        let token = EnrolmentToken(transportKey: StoreFixture.key(5), expiry: 99)
        try store.add(token)
        #expect(try store.roster().tokens == [token])
        let entry = RosterEntry(
            number: 0, name: "a", transportKey: StoreFixture.key(1),
            identityKey: PublicKeyBytes(unchecked: [UInt8](repeating: 3, count: 32)))
        for _ in 0..<2 { try store.enrol(entry, token: token.transportKey) }
        #expect(try store.roster().entries == [entry])
        #expect(try store.roster().tokens == [EnrolmentToken(transportKey: StoreFixture.key(5), expiry: 99, usedBy: 0)])
    }
}
