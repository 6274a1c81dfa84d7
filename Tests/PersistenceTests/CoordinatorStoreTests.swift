import Federation
import Foundation
import Messages
import Persistence
import Reporting
import Testing

struct CoordinatorStoreTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func aNewStoreHoldsNothing() throws {
        let stored = try CoordinatorStore(path: folder.path("a.db")).load()
        #expect(stored.state.record == nil && stored.state.attempt == nil)
        #expect(stored.state.roster == Roster() && stored.ledger == ByteLedger() && stored.damaged.isEmpty)
    }

    @Test func givesBackTheNewestVersionAfterReopening() throws {
        for version in 1...4 as ClosedRange<UInt32> {
            let store = try CoordinatorStore(path: folder.path("a.db"))
            try store.persist(StoreFixture.record(version), ledger: StoreFixture.ledger(version))
            try store.journal(
                RoundAttempt(round: Int(version) + 1, attempt: 2, failures: 1), ledger: StoreFixture.ledger(version))
        }
        let store = try CoordinatorStore(path: folder.path("a.db"))
        let stored = try store.load()
        #expect(stored.state.record == StoreFixture.record(4))
        #expect(stored.state.attempt == RoundAttempt(round: 5, attempt: 2, failures: 1))
        #expect(stored.ledger == StoreFixture.ledger(4))
        #expect(try store.rounds() == (1...4).map { StoreFixture.record($0).report })
    }

    @Test func persistingTwiceCountsOnce() throws {
        let store = try CoordinatorStore(path: folder.path("a.db"))
        for _ in 0..<2 { try store.persist(StoreFixture.record(1), ledger: StoreFixture.ledger(1)) }
        #expect(try store.load().ledger == StoreFixture.ledger(1))
        #expect(try store.rounds().count == 1)
    }

    @Test func dropsVersionsBeyondTheOneBefore() throws {
        let store = try CoordinatorStore(path: folder.path("a.db"))
        for version in 1...60 as ClosedRange<UInt32> {
            try store.persist(StoreFixture.record(version), ledger: StoreFixture.ledger(version))
        }
        let bytes = try #require(FileManager.default.attributesOfItem(atPath: folder.path("a.db"))[.size] as? Int)
        // A record of 3,000 parameters has about 40 kB; 60 of them would have 2.4 MB.
        #expect(bytes < 400_000)
    }

    @Test func theFederationIsTheSameAtEveryStart() throws {
        let compression = Compression(up: "int8", down: .int8)
        let store = try CoordinatorStore(path: folder.path("a.db"))
        #expect(try store.parameters() == nil)
        let first = FederationParameters(
            name: "f", federation: FederationID(unchecked: [UInt8](repeating: 1, count: 16)), seed: 1, model: "m",
            compression: compression)
        #expect(try store.bind(first) == first)
        var again = first
        again.federation = FederationID(unchecked: [UInt8](repeating: 2, count: 16))
        #expect(try CoordinatorStore(path: folder.path("a.db")).bind(again) == first)
        again.seed = 2
        #expect(throws: PersistenceError.otherFederation(path: folder.path("a.db"))) { try store.bind(again) }
        #expect(try store.parameters() == first)
    }

    @Test func whatIsNoStoreIsNotOpened() throws {
        try Data(repeating: 65, count: 5000).write(to: URL(fileURLWithPath: folder.path("text")))
        for name in ["text", "missing/a.db", "."] {
            let error = #expect(throws: PersistenceError.self) { try CoordinatorStore(path: folder.path(name)) }
            guard case .cannotOpen = error else {
                Issue.record("\(name): \(String(describing: error))")
                continue
            }
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("text"))).count == 5000)
    }
}
