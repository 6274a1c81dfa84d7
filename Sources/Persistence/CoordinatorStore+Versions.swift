import Encryption
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

    /// Reads the newest state. A stored version whose digest does not match is passed over for the one before it.
    public func load() throws(PersistenceError) -> Stored {
        let roster = try roster()
        return try read { db in
            var damaged: [UInt32] = []
            var record: CoordinatorRecord?
            for row in try Row.fetchAll(db, sql: "SELECT * FROM version ORDER BY version DESC") {
                if let intact = Self.record(row) {
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

    /// Stores a published version, its round and the bytes so far, in one transaction.
    public func persist(_ record: CoordinatorRecord, ledger: ByteLedger) throws(PersistenceError) {
        try write { db in
            let fields = try Self.fields(record)
            try db.execute(
                sql: "INSERT OR REPLACE INTO version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: StatementArguments([Int64(record.version)] + fields + [Self.digest(record.version, fields)]))
            try db.execute(
                sql: "INSERT OR REPLACE INTO round VALUES (?, ?)",
                arguments: [record.report.round, try JSONEncoder().encode(record.report)])
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
                try JSONDecoder().decode(RoundReport.self, from: $0)
            }
        }
    }

    private static func fields(_ record: CoordinatorRecord) throws -> [Data] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return [
            Data(record.modelHash.bytes), bytes(record.master), Data(record.lattice), bytes(record.strategy.first),
            bytes(record.strategy.second), try encoder.encode(record.answerSeconds), try encoder.encode(record.report),
        ]
    }

    private static func record(_ row: Row) -> CoordinatorRecord? {
        let version = UInt32(clamping: row["version"] as Int64)
        let fields: [Data] = (1...7).map { row[$0] }
        guard digest(version, fields) == row["digest"] as Data, let hash = Digest(fields[0]),
            let answerSeconds = try? JSONDecoder().decode([Int: Double].self, from: fields[5]),
            let report = try? JSONDecoder().decode(RoundReport.self, from: fields[6])
        else { return nil }
        return CoordinatorRecord(
            version: version, modelHash: hash, master: floats(fields[1]), lattice: Array(fields[2]),
            strategy: StrategyState(first: floats(fields[3]), second: floats(fields[4])), answerSeconds: answerSeconds,
            report: report)
    }

    private static func digest(_ version: UInt32, _ fields: [Data]) -> Data {
        var hash = Blake2b256()
        hash.update(withUnsafeBytes(of: version.littleEndian) { Array($0) })
        for field in fields {
            hash.update(withUnsafeBytes(of: UInt64(field.count).littleEndian) { Array($0) })
            hash.update(Array(field))
        }
        return Data(hash.finalize())
    }

    private static func bytes(_ values: [Float]) -> Data { values.withUnsafeBytes { Data($0) } }

    private static func floats(_ data: Data) -> [Float] {
        [Float](unsafeUninitializedCapacity: data.count / 4) { buffer, count in
            count = data.copyBytes(to: buffer) / 4
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
                client: client < 0 ? nil : client, kind: kind, byteCount: WireByteCount(up: row["up"], down: row["down"]))
        }
        return ByteLedger(entries: entries)
    }
}
