import GRDB

/// What can go wrong with the coordinator's store.
public enum PersistenceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file cannot be opened or is not a store.
    case cannotOpen(path: String, cause: String)
    /// The disk is full; what was stored before is intact.
    case diskFull(path: String)
    /// Another process held the store for too long.
    case busy(path: String)
    /// Reading or writing failed; what was stored before is intact.
    case failed(path: String, cause: String)
    /// The store belongs to another federation, or to other parameters of it.
    case otherFederation(path: String)
    /// A key or a name is on the roster already.
    case duplicate(String)
    /// No such client.
    case unknownClient(String)
    /// A signed roster is older than the one that is kept.
    case olderRoster(epoch: UInt64, known: UInt64)

    /// What happened and what to do about it.
    public var description: String {
        switch self {
        case .cannotOpen(let path, let cause): "cannot open the store \(path): \(cause)"
        case .diskFull(let path): "the disk is full, so \(path) was not changed; free some space and start again"
        case .busy(let path): "another process holds \(path); try again"
        case .failed(let path, let cause): "the store \(path) failed: \(cause)"
        case .otherFederation(let path):
            "\(path) was made for another model, seed or configuration; use a new state directory"
        case .duplicate(let what): "\(what) is on the roster already"
        case .olderRoster(let epoch, let known):
            "the roster has epoch \(epoch), but one of epoch \(known) is in use; export it again and sign that"
        case .unknownClient(let what): "there is no client \(what) on the roster"
        }
    }

    init(_ error: any Error, path: String) {
        if let error = error as? PersistenceError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self = .failed(path: path, cause: "\(error)")
            return
        }
        switch error.resultCode {
        case .SQLITE_FULL: self = .diskFull(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
        case .SQLITE_CANTOPEN, .SQLITE_NOTADB, .SQLITE_PERM, .SQLITE_READONLY:
            self = .cannotOpen(path: path, cause: error.message ?? "\(error.resultCode)")
        default: self = .failed(path: path, cause: error.message ?? "\(error.resultCode)")
        }
    }
}
