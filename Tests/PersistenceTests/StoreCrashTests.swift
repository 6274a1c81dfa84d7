import Federation
import Foundation
import Messages
import Persistence
import Reporting
import Tensors
import Testing

struct StoreCrashTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: folder.path(name))) }

    private func write(_ data: Data, _ name: String) throws {
        try data.write(to: URL(fileURLWithPath: folder.path(name)))
    }

    /// A power cut leaves the log cut off anywhere; what is read then is one whole published round, bytes included.
    @Test func aLogThatEndsAnywhereGivesAWholeRound() throws {
        let store = try CoordinatorStore(path: folder.path("a.db"))
        for version in 1...3 as ClosedRange<UInt32> {
            try store.persist(StoreFixture.record(version), ledger: StoreFixture.ledger(version))
        }
        let (database, log) = (try bytes("a.db"), try bytes("a.db-wal"))
        var seen: Set<UInt32> = []
        var random = SeededRandom(Seed(11))
        let lengths =
            stride(from: 0, through: log.count, by: 4096 + 24) + [log.count]
            + (0..<40).map { _ in random.below(log.count) }
        for length in lengths {
            try write(database, "b.db")
            try write(log.prefix(length), "b.db-wal")
            try? FileManager.default.removeItem(atPath: folder.path("b.db-shm"))
            let copy = try CoordinatorStore(path: folder.path("b.db"))
            let stored = try copy.load()
            let version = stored.state.record?.version ?? 0
            seen.insert(version)
            #expect(stored.state.record == (version == 0 ? nil : StoreFixture.record(version)), "length \(length)")
            #expect(stored.ledger == (version == 0 ? ByteLedger() : StoreFixture.ledger(version)), "length \(length)")
            #expect(try copy.rounds().count == Int(version), "length \(length)")
            #expect(stored.damaged.isEmpty)
        }
        #expect(seen == [0, 1, 2, 3])
    }

    /// Whatever bit flips, a version is given back as it was, or an older one, or an error; never another content.
    @Test func aFlippedBitIsNeverTakenForAModel() throws {
        do {
            let store = try CoordinatorStore(path: folder.path("a.db"))
            for version in 1...2 as ClosedRange<UInt32> {
                try store.persist(StoreFixture.record(version), ledger: StoreFixture.ledger(version))
            }
        }
        // The last connection is closed, so everything is in one file.
        let intact = try bytes("a.db")
        var passedOver = 0
        var random = SeededRandom(Seed(12))
        for _ in 0..<150 {
            let position = random.below(intact.count)
            var damaged = intact
            damaged[position] ^= 1 << UInt8(random.below(8))
            for name in ["b.db", "b.db-wal", "b.db-shm"] {
                try? FileManager.default.removeItem(atPath: folder.path(name))
            }
            try write(damaged, "b.db")
            guard let stored = try? CoordinatorStore(path: folder.path("b.db")).load() else { continue }
            passedOver += stored.damaged.count
            guard let record = stored.state.record else { continue }
            #expect(record == StoreFixture.record(record.version), "seed 12, byte \(position)")
        }
        #expect(passedOver > 20, "most of the file is models, so many flips must have hit one")
    }
}
