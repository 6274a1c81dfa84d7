extension CoordinatorStore {
    /// Tables of format 1; a `record` is `CoordinatorRecord.encoded()`, with a checksum of its own.
    static let schema = """
        CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE client (
            number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, transport_key BLOB NOT NULL UNIQUE,
            identity_key BLOB, standing TEXT NOT NULL);
        CREATE TABLE token (
            transport_key BLOB PRIMARY KEY, expiry INTEGER NOT NULL, used_by INTEGER REFERENCES client (number)
        ) WITHOUT ROWID;
        CREATE TABLE roster_change (count INTEGER NOT NULL);
        INSERT INTO roster_change VALUES (0);
        CREATE TRIGGER client_added AFTER INSERT ON client BEGIN UPDATE roster_change SET count = count + 1; END;
        CREATE TRIGGER client_changed AFTER UPDATE ON client BEGIN UPDATE roster_change SET count = count + 1; END;
        CREATE TRIGGER token_added AFTER INSERT ON token BEGIN UPDATE roster_change SET count = count + 1; END;
        CREATE TABLE attempt (
            id INTEGER PRIMARY KEY CHECK (id = 1), round INTEGER NOT NULL, attempt INTEGER NOT NULL,
            failures INTEGER NOT NULL);
        CREATE TABLE version (version INTEGER PRIMARY KEY, record BLOB NOT NULL);
        CREATE TABLE round (round INTEGER PRIMARY KEY, report BLOB NOT NULL);
        CREATE TABLE ledger (
            client INTEGER NOT NULL, kind TEXT NOT NULL, up INTEGER NOT NULL, down INTEGER NOT NULL,
            PRIMARY KEY (client, kind)) WITHOUT ROWID;
        """

    /// The transport key before the last rotation of a client, and until when it is good.
    static let rotationSchema = """
        ALTER TABLE client ADD COLUMN former_key BLOB;
        ALTER TABLE client ADD COLUMN former_until INTEGER;
        """

    /// Releases of noisy data; rows are added and never changed, whatever becomes of the versions.
    static let releaseSchema = """
        CREATE TABLE release (
            round INTEGER NOT NULL, attempt INTEGER NOT NULL, record BLOB NOT NULL,
            PRIMARY KEY (round, attempt)) WITHOUT ROWID;
        """
}
