import Foundation
import Messages

/// The file of client keys that are admitted without a token.
///
/// One client per line: a name without blanks, a blank, and the CURVE key as 64 hexadecimal digits, as
/// `swiftlet-client keygen` prints them. Empty lines and lines that begin with `#` are passed over.
public enum ApprovedClients {
    static let maximumByteCount = 64 << 20

    /// Reads the file.
    ///
    /// - Throws: `NodeError.file` naming the line that is wrong.
    public static func read(_ path: String) throws(NodeError) -> [(name: String, transportKey: PeerID)] {
        let data: Data
        do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
            throw .file(path: path, cause: error.localizedDescription)
        }
        guard data.count <= maximumByteCount else { throw .file(path: path, cause: "has more than 64 MiB") }
        var clients: [(name: String, transportKey: PeerID)] = []
        var names: Set<String> = []
        var keys: Set<PeerID> = []
        for (index, line) in String(decoding: data, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        )
        .enumerated() {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.isEmpty || words[0].hasPrefix("#") { continue }
            guard words.count == 2, let key = PeerID(hex: String(words[1])) else {
                throw .file(
                    path: path, cause: "line \(index + 1) is not 'name key', with a key of 64 hexadecimal digits")
            }
            guard names.insert(String(words[0])).inserted, keys.insert(key).inserted else {
                throw .file(path: path, cause: "line \(index + 1) repeats a name or a key")
            }
            clients.append((String(words[0]), key))
        }
        return clients
    }

    /// The text of such a file.
    public static func text(_ clients: [(name: String, transportKey: PeerID)]) -> String {
        clients.map { "\($0.name) \($0.transportKey.hex)\n" }.joined()
    }
}
