import Federation
import Foundation
import GRDB

extension CoordinatorStore {
    /// Stores a release whose version was not published. Repeating it changes nothing.
    public func keep(_ release: PrivacyRelease) throws(PersistenceError) {
        try write { try Self.insert(release, into: $0) }
    }

    /// What was released stays released: a row is never replaced.
    static func insert(_ release: PrivacyRelease, into db: Database) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try db.execute(
            sql: "INSERT OR IGNORE INTO release VALUES (?, ?, ?)",
            arguments: [release.round, release.attempt, try encoder.encode(release)])
    }

    /// All releases in order. One that cannot be read is an error: privacy that was spent is never forgotten.
    static func releases(_ db: Database) throws -> [PrivacyRelease] {
        try Data.fetchAll(db, sql: "SELECT record FROM release ORDER BY round, attempt").map {
            try JSONDecoder().decode(PrivacyRelease.self, from: $0)
        }
    }
}
