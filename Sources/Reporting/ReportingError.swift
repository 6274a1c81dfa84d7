/// Why a report could not be written or read.
public enum ReportingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A file cannot be written.
    case unwritable(path: String, cause: String)
    /// A file cannot be read.
    case unreadable(path: String, cause: String)
    /// The text is no `summary.json`.
    case invalidSummary(cause: String)

    /// What is wrong and what to do about it.
    public var description: String {
        switch self {
        case .unwritable(let path, let cause):
            "cannot write '\(path)': \(cause); check that the folder exists, may be written to and is not full"
        case .unreadable(let path, let cause):
            "cannot read '\(path)': \(cause); give the folder that a run wrote its results into"
        case .invalidSummary(let cause): "not a run summary: \(cause)"
        }
    }
}
