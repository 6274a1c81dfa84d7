import Federation
import Foundation
import GRDB
import Messages
import Reporting

extension CoordinatorStore {
    /// What a coordinator begins with after a start.
    public struct Stored: Sendable {
        /// Roster, newest intact version and newest attempt.
        public var state: CoordinatorState
        /// Bytes counted so far.
        public var ledger: ByteLedger
        /// Versions that failed their check and were passed over.
        public var damaged: [UInt32]
    }

    /// Reads the newest state. A stored version whose checksum does not match is passed over for the one before it.
    public func load() throws(PersistenceError) -> Stored {
        let roster = try roster()
        return try read { db in
            var damaged: [UInt32] = []
            var record: CoordinatorRecord?
            for row in try Row.fetchAll(db, sql: "SELECT * FROM version ORDER BY version DESC") {
                let bytes: Data = row["record"]
                if let intact = try? CoordinatorRecord(decoding: Array(bytes)) {
                    record = intact
                    break
                }
                damaged.append(UInt32(clamping: row["version"] as Int64))
            }
            let attempt = try Row.fetchOne(db, sql: "SELECT * FROM attempt").map {
                RoundAttempt(round: $0["round"], attempt: $0["attempt"], failures: $0["failures"])
            }
            let state = CoordinatorState(restoring: record, attempt: attempt, roster: roster)
            return Stored(state: state, ledger: try Self.ledger(db), damaged: damaged)
        }
    }

    /// One of the newest versions, which the store keeps; nil where it is not there or damaged.
    ///
    /// - Parameter number: nil: the newest that is intact.
    public func record(version number: UInt32?) throws(PersistenceError) -> CoordinatorRecord? {
        guard let number else { return try load().state.record }
        return try read { db in
            let bytes = try Data.fetchOne(
                db, sql: "SELECT record FROM version WHERE version = ?", arguments: [Int64(number)])
            return bytes.flatMap { try? CoordinatorRecord(decoding: Array($0)) }
        }
    }

    /// Stores a published version, its round and the bytes so far, in one transaction.
    public func persist(_ record: CoordinatorRecord, ledger: ByteLedger) throws(PersistenceError) {
        try write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO version VALUES (?, ?)",
                arguments: [Int64(record.version), Data(record.encoded())])
            try db.execute(
                sql: "INSERT OR REPLACE INTO round VALUES (?, ?)",
                arguments: [record.report.round, Data(record.report.json())])
            try db.execute(
                sql: "DELETE FROM version WHERE version > ? OR version <= ?",
                arguments: [Int64(record.version), Int64(record.version) - Int64(Self.keptVersions)])
            try Self.replace(ledger, db)
        }
    }

    /// Notes that an attempt at a round begins, with the bytes so far.
    public func journal(_ attempt: RoundAttempt, ledger: ByteLedger) throws(PersistenceError) {
        try write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO attempt VALUES (1, ?, ?, ?)",
                arguments: [attempt.round, attempt.attempt, attempt.failures])
            try Self.replace(ledger, db)
        }
    }

    /// Stores the bytes so far.
    public func keep(_ ledger: ByteLedger) throws(PersistenceError) {
        try write { try Self.replace(ledger, $0) }
    }

    /// The reports of all published rounds, in order.
    public func rounds() throws(PersistenceError) -> [RoundReport] {
        try read { db in
            try Data.fetchAll(db, sql: "SELECT report FROM round ORDER BY round").map {
                try RoundReport(json: Array($0))
            }
        }
    }

    private static func replace(_ ledger: ByteLedger, _ db: Database) throws {
        let statement = try db.cachedStatement(sql: "INSERT OR REPLACE INTO ledger VALUES (?, ?, ?, ?)")
        for entry in ledger.entries {
            try statement.execute(
                arguments: [entry.client ?? -1, entry.kind.rawValue, entry.byteCount.up, entry.byteCount.down])
        }
    }

    private static func ledger(_ db: Database) throws -> ByteLedger {
        let entries = try Row.fetchAll(db, sql: "SELECT * FROM ledger").compactMap { row -> ByteLedger.Entry? in
            guard let kind = WireKind(rawValue: row["kind"]) else { return nil }
            let client: Int = row["client"]
            return ByteLedger.Entry(
                client: client < 0 ? nil : client, kind: kind,
                byteCount: WireByteCount(up: row["up"], down: row["down"]))
        }
        return ByteLedger(entries: entries)
    }
}
