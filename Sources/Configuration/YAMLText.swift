import Foundation
import Yams

/// Writes a configuration file as YAML.
enum YAMLText {
    static func write(_ value: some Encodable, to path: String) throws(ConfigurationError) {
        let text = try text(value)
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw .unwritable(file: path, cause: error.localizedDescription)
        }
    }

    static func text(_ value: some Encodable) throws(ConfigurationError) -> String {
        do { return try YAMLEncoder().encode(value) } catch {
            throw .unwritable(file: "YAML", cause: "\(error)")
        }
    }
}
