import Federation
import Foundation
import GRDB
import Messages

extension CoordinatorStore {
    /// The id of the federation: the one stored first, be it by this call.
    ///
    /// - Parameter proposed: taken when the store has none yet.
    public func federation(or proposed: FederationID) throws(PersistenceError) -> FederationID {
        try write { db in
            if let bound = try Data.fetchOne(db, sql: "SELECT value FROM setting WHERE name = 'parameters'") {
                return try FederationParameters(canonicalJSON: Array(bound)).federation
            }
            if let known = try Self.federation(db) { return known }
            try db.execute(
                sql: "INSERT INTO setting VALUES ('federation', ?)", arguments: [Data(proposed.bytes)])
            return proposed
        }
    }

    /// Keeps a roster that a root key has signed; a coordinator that is serving learns of it.
    ///
    /// - Throws: `.otherFederation`, and `.olderRoster` when a newer one is kept.
    public func keep(_ members: MemberList) throws(PersistenceError) {
        try write { db in
            if let known = try Self.signedRoster(db) {
                guard known.federation == members.federation else {
                    throw PersistenceError.otherFederation(path: self.path)
                }
                guard known.epoch <= members.epoch else {
                    throw PersistenceError.olderRoster(epoch: members.epoch, known: known.epoch)
                }
            }
            try db.execute(
                sql: "INSERT OR REPLACE INTO setting VALUES ('signed_roster', ?)",
                arguments: [Data(members.federation.bytes + members.encoded)])
            try db.execute(sql: "UPDATE roster_change SET count = count + 1")
        }
    }

    static func signedRoster(_ db: Database) throws -> MemberList? {
        guard let stored = try Data.fetchOne(db, sql: "SELECT value FROM setting WHERE name = 'signed_roster'"),
            let federation = FederationID(stored.prefix(FederationID.byteCount))
        else { return nil }
        return try MemberList(decoding: Array(stored.dropFirst(FederationID.byteCount)), federation: federation)
    }

    private static func federation(_ db: Database) throws -> FederationID? {
        try Data.fetchOne(db, sql: "SELECT value FROM setting WHERE name = 'federation'").flatMap { FederationID($0) }
    }
}
