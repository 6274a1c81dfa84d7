import Foundation

/// Paths in configuration files: absolute, or relative to the folder of the file that names them.
enum FilePath {
    static func resolve(_ path: String, besides file: String) -> String {
        guard !path.hasPrefix("/") else { return URL(fileURLWithPath: path).standardizedFileURL.path }
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
        return folder.appendingPathComponent(path).standardizedFileURL.path
    }
}

extension YAMLValue {
    /// A path, made absolute.
    func filePath() throws(ConfigurationError) -> String { FilePath.resolve(try text(), besides: file) }

    /// `tcp://host:port` or `ipc://path`. Port 0 leaves the choice to the system, where that is `allowed`.
    func endpoint(allowingAnyPort: Bool) throws(ConfigurationError) -> String {
        let text = try text(upTo: 512)
        let wrong = failure("is '\(text)'; allowed are tcp://host:port and ipc://path")
        if text.hasPrefix("ipc://"), text.utf8.count > 6 { return text }
        guard text.hasPrefix("tcp://"), let colon = text.lastIndex(of: ":") else { throw wrong }
        let host = text[..<colon].dropFirst(6)
        guard !host.isEmpty, let port = UInt16(text[text.index(after: colon)...]) else { throw wrong }
        guard port > 0 || allowingAnyPort else { throw failure("is '\(text)'; the port must be 1 to 65535") }
        return text
    }
}
