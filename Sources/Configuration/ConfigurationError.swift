/// Why a scenario or a configuration file is refused.
public enum ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file does not exist, may not be read, is too large or is not UTF-8.
    case unreadable(file: String, cause: String)
    /// The file cannot be written.
    case unwritable(file: String, cause: String)
    /// Something in the file is wrong: `line` counts from 1, `key` is the path such as `local.epochs`, empty at the top.
    case invalid(file: String, line: Int, key: String, problem: String)
    /// No device or radio profile has this name; `hint` says what there is.
    case unknownProfile(kind: String, name: String, hint: String)

    /// Where and what, in the form that editors and terminals turn into a link: `file:line: key: problem`.
    public var description: String {
        switch self {
        case .unreadable(let file, let cause): "\(file): \(cause)"
        case .unwritable(let file, let cause): "\(file): cannot be written: \(cause)"
        case .unknownProfile(let kind, let name, let hint): "there is no \(kind) profile '\(name)'\(hint)"
        case .invalid(let file, let line, let key, let problem):
            key.isEmpty ? "\(file):\(line): \(problem)" : "\(file):\(line): \(key): \(problem)"
        }
    }
}
