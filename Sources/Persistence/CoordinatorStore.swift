import Federation
import Foundation
import GRDB
import Messages
import Reporting

/// All that a coordinator must not forget, in one SQLite file: roster, tokens, versions, rounds and bytes.
///
/// Every change is one transaction in write-ahead mode: after `kill -9` at any moment the store holds the state before
/// or after it, never a part. Other processes may open the same file meanwhile, to approve clients for example.
public final class CoordinatorStore: Sendable {
    /// Versions that are kept whole; the one before the newest serves when the newest turns out to be damaged.
    public static let keptVersions = 2

    let database: any DatabaseWriter
    let path: String

    /// Opens the store, and makes it when there is none.
    ///
    /// - Parameter path: of the file; its folder exists.
    /// - Throws: `.cannotOpen` when the file is not a store or may not be written.
    public convenience init(path: String) throws(PersistenceError) {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        do {
            try self.init(database: DatabasePool(path: path, configuration: configuration), path: path)
        } catch {
            throw PersistenceError(error, path: path)
        }
    }

    /// A store that is gone with the process.
    public static func inMemory() throws(PersistenceError) -> CoordinatorStore {
        do {
            return try CoordinatorStore(database: DatabaseQueue(), path: "memory")
        } catch {
            throw PersistenceError(error, path: "memory")
        }
    }

    private init(database: any DatabaseWriter, path: String) throws {
        self.database = database
        self.path = path
        try Self.migrator.migrate(database)
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            try db.execute(sql: CoordinatorStore.schema)
        }
        return migrator
    }

    /// Ties the store to a federation the first time, and checks that it is the same one every other time.
    ///
    /// - Parameter parameters: canonical JSON of the federation's parameters.
    /// - Returns: the parameters, with the federation id that was stored first.
    /// - Throws: `.otherFederation` when anything but the id differs.
    public func bind(_ parameters: FederationParameters) throws(PersistenceError) -> FederationParameters {
        try write { db in
            let stored = try Data.fetchOne(db, sql: "SELECT value FROM setting WHERE name = 'parameters'")
            guard let stored else {
                try db.execute(
                    sql: "INSERT INTO setting VALUES ('parameters', ?)", arguments: [Data(parameters.canonicalJSON())])
                return parameters
            }
            var expected = parameters
            guard let first = try? FederationParameters(canonicalJSON: Array(stored)) else {
                throw PersistenceError.otherFederation(path: self.path)
            }
            expected.federation = first.federation
            guard expected == first else { throw PersistenceError.otherFederation(path: self.path) }
            return first
        }
    }

    /// The federation that this store belongs to; nil before the first `bind`.
    public func parameters() throws(PersistenceError) -> FederationParameters? {
        try read { db in
            let stored = try Data.fetchOne(db, sql: "SELECT value FROM setting WHERE name = 'parameters'")
            return try stored.map { try FederationParameters(canonicalJSON: Array($0)) }
        }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(PersistenceError) -> Value {
        do { return try database.read(body) } catch { throw PersistenceError(error, path: path) }
    }

    func write<Value>(_ body: (Database) throws -> Value) throws(PersistenceError) -> Value {
        do { return try database.write(body) } catch { throw PersistenceError(error, path: path) }
    }
}
