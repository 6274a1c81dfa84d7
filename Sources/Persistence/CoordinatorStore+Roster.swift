import Federation
import Foundation
import GRDB
import Messages

extension CoordinatorStore {
    /// Everybody on the roster, the one-time tokens, and what the root key has signed.
    public func roster() throws(PersistenceError) -> Roster {
        try read(Self.roster)
    }

    /// The roster and its epoch, which is the count of its changes, as they belong together.
    public func rosterWithEpoch() throws(PersistenceError) -> (roster: Roster, epoch: Int) {
        try read { (try Self.roster($0), try Self.changeCount($0)) }
    }

    private static func roster(_ db: Database) throws -> Roster {
        let entries = try Row.fetchAll(db, sql: "SELECT * FROM client ORDER BY number").compactMap(Self.entry)
        let tokens = try Row.fetchAll(db, sql: "SELECT * FROM token").compactMap(Self.token)
        return Roster(entries: entries, tokens: tokens, signed: try Self.signedRoster(db))
    }

    /// Grows with every change of the roster by any process; cheap to ask for.
    public func rosterChangeCount() throws(PersistenceError) -> Int {
        try read(Self.changeCount)
    }

    private static func changeCount(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count FROM roster_change") ?? 0
    }

    /// Adds clients whose keys an operator knows, in one transaction; they get the next numbers in this order.
    ///
    /// - Parameter identity: the Ed25519 key of a single client; without it that client cannot rotate its keys.
    /// - Throws: `.duplicate` when a key or a name is on the roster already; then none is added.
    public func approve(
        _ clients: [(name: String, transportKey: PeerID)], identity: PublicKeyBytes? = nil
    ) throws(PersistenceError) {
        try write { db in
            var number = (try Int.fetchOne(db, sql: "SELECT MAX(number) FROM client") ?? -1) + 1
            for client in clients {
                try Self.insert(
                    RosterEntry(
                        number: number, name: client.name, transportKey: client.transportKey, identityKey: identity),
                    into: db)
                number += 1
            }
        }
    }

    /// Adds a one-time token.
    public func add(_ token: EnrolmentToken) throws(PersistenceError) {
        try write { db in
            try db.execute(
                sql: "INSERT INTO token (transport_key, expiry) VALUES (?, ?)",
                arguments: [Data(token.transportKey.bytes), Int64(clamping: token.expiry)])
        }
    }

    /// Enrols a client that joined with a token; the token is used from now on. Repeating it changes nothing.
    public func enrol(_ entry: RosterEntry, token: PeerID) throws(PersistenceError) {
        try write { db in
            let known = try Int.fetchOne(
                db, sql: "SELECT number FROM client WHERE transport_key = ?",
                arguments: [Data(entry.transportKey.bytes)])
            guard known == nil else { return }
            try Self.insert(entry, into: db)
            try db.execute(
                sql: "UPDATE token SET used_by = ? WHERE transport_key = ?",
                arguments: [entry.number, Data(token.bytes)])
        }
    }

    /// Sets whether a client may take part.
    ///
    /// - Parameter client: name, or transport key in hexadecimal.
    /// - Throws: `.unknownClient`.
    public func set(_ standing: RosterEntry.Standing, client: String) throws(PersistenceError) {
        try write { db in
            try db.execute(
                sql: "UPDATE client SET standing = ? WHERE name = ? OR lower(hex(transport_key)) = lower(?)",
                arguments: [standing.rawValue, client, client])
            guard db.changesCount > 0 else { throw PersistenceError.unknownClient(client) }
        }
    }

    /// Gives a client the keys that its old identity has signed; the old transport key stays good until `expiry`.
    ///
    /// - Parameter expiry: seconds since 1970.
    /// - Throws: `.unknownClient` when no approved client has the old identity, so that a rotation works once;
    ///   `.duplicate` when a new key is on the roster already.
    public func rotate(_ rotation: KeyRotation, overlapUntil expiry: UInt64) throws(PersistenceError) {
        try write { db in
            let new = [Data(rotation.transportKey.bytes), Data(rotation.newIdentity.bytes)]
            let taken = try Int.fetchOne(
                db, sql: "SELECT number FROM client WHERE transport_key = ? OR former_key = ? OR identity_key = ?",
                arguments: [new[0], new[0], new[1]])
            guard taken == nil else { throw PersistenceError.duplicate("the new key of this rotation") }
            try db.execute(
                sql: """
                    UPDATE client SET former_key = transport_key, former_until = ?, transport_key = ?, identity_key = ?
                    WHERE identity_key = ? AND standing = 'approved'
                    """,
                arguments: [Int64(clamping: expiry), new[0], new[1], Data(rotation.oldIdentity.bytes)])
            guard db.changesCount > 0 else {
                throw PersistenceError.unknownClient("with the identity that signed this rotation")
            }
        }
    }

    private static func insert(_ entry: RosterEntry, into db: Database) throws {
        do {
            try db.execute(
                sql: "INSERT INTO client (number, name, transport_key, identity_key, standing) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    entry.number, entry.name, Data(entry.transportKey.bytes),
                    entry.identityKey.map { Data($0.bytes) }, entry.standing.rawValue,
                ])
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            throw PersistenceError.duplicate("client \(entry.name) with key \(entry.transportKey)")
        }
    }

    private static func entry(_ row: Row) -> RosterEntry? {
        guard let key = PeerID(row["transport_key"] as Data),
            let standing = RosterEntry.Standing(rawValue: row["standing"])
        else { return nil }
        let identity = (row["identity_key"] as Data?).flatMap { PublicKeyBytes($0) }
        let former = (row["former_key"] as Data?).flatMap { PeerID($0) }.map {
            RosterEntry.FormerKey(transportKey: $0, expiry: UInt64(clamping: row["former_until"] as Int64? ?? 0))
        }
        return RosterEntry(
            number: row["number"], name: row["name"], transportKey: key, identityKey: identity, standing: standing,
            former: former)
    }

    private static func token(_ row: Row) -> EnrolmentToken? {
        guard let key = PeerID(row["transport_key"] as Data) else { return nil }
        return EnrolmentToken(transportKey: key, expiry: UInt64(row["expiry"] as Int64), usedBy: row["used_by"])
    }
}
