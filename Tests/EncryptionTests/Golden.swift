import Encryption
import Foundation

/// Values that Tests/Golden/encryption/make.py computed with PyNaCl: one `name hexadecimal` a line.
struct Golden {
    private let values: [String: String]

    static func load(file: String = #filePath) throws -> Golden {
        let url = URL(fileURLWithPath: file).deletingLastPathComponent()
            .appending(path: "../Golden/encryption/payload.txt")
        let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
        let pairs = lines.map { line -> (String, String) in
            let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(words[0]), words.count == 2 ? String(words[1]) : "")
        }
        return Golden(values: Dictionary(pairs) { _, last in last })
    }

    subscript(name: String) -> String { values[name] ?? "missing \(name)" }

    func bytes(_ name: String) -> [UInt8] { Hex.bytes(self[name]) }

    func associatedData() throws -> AssociatedData {
        var fixture = Fixture(payload: bytes("plaintext"))
        fixture.round = 41
        fixture.chunkIndex = 3
        fixture.chunkCount = 9
        return try fixture.data()
    }
}
