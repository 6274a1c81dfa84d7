import Foundation

/// What can go wrong when a coordinator, a client or a simulation runs.
public enum NodeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A program could not be started.
    case cannotStart(program: String, cause: String)
    /// A program that was needed ended too early.
    case endedEarly(program: String, status: Int32, log: String)
    /// A file or folder could not be read or written.
    case file(path: String, cause: String)
    /// The configuration does not fit the data or the model.
    case configuration(String)
    /// The coordinator refused to serve this client.
    case refused(String)
    /// The federation ended without completing its rounds.
    case incomplete(String)
    /// Stored state or a peer's data failed a check.
    case corrupt(String)

    private static func lastLine(of log: String) -> String {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").last.map { ", which ends with:\n  \($0)" } ?? ""
    }

    /// What happened and what to do about it.
    public var description: String {
        switch self {
        case .cannotStart(let program, let cause): "cannot start \(program): \(cause)"
        case .endedEarly(let program, let status, let log):
            "\(program) ended with status \(status) before the run was complete; see \(log)\(Self.lastLine(of: log))"
        case .file(let path, let cause): "\(path): \(cause)"
        case .configuration(let cause), .refused(let cause), .incomplete(let cause), .corrupt(let cause): cause
        }
    }
}
