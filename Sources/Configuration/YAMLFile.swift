import Foundation
import Yams

/// Reads a YAML file into a tree of values that know their file, line and key.
enum YAMLFile {
    static let maximumByteCount = 1 << 20

    /// The top of a file.
    static func read(_ path: String) throws(ConfigurationError) -> YAMLValue {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw .unreadable(file: path, cause: "cannot be read: \(error.localizedDescription)")
        }
        guard data.count <= maximumByteCount else {
            throw .unreadable(file: path, cause: "has \(data.count) bytes; at most \(maximumByteCount) are accepted")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw .unreadable(file: path, cause: "is not UTF-8 text")
        }
        return try parse(text, file: path)
    }

    /// The top of a text; `file` is what messages call it.
    static func parse(_ text: String, file: String) throws(ConfigurationError) -> YAMLValue {
        do {
            guard let node = try Yams.compose(yaml: text) else {
                throw ConfigurationError.invalid(file: file, line: 1, key: "", problem: "the file is empty")
            }
            return YAMLValue(file: file, path: [], node: node, fallbackLine: 1)
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw syntaxError(error, file: file)
        }
    }

    private static func syntaxError(_ error: any Error, file: String) -> ConfigurationError {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            .invalid(file: file, line: mark.line, key: "", problem: "not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            .invalid(
                file: file, line: context.mark.line, key: keys.joined(separator: ", "),
                problem: "is given more than once; keep one")
        default: .unreadable(file: file, cause: "is not valid YAML: \(error)")
        }
    }
}
