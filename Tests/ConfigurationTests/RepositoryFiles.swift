import Foundation

/// Files that the project ships, found from this source file.
enum RepositoryFiles {
    static func path(_ name: String) -> String {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return root.appendingPathComponent(name).path
    }
}
