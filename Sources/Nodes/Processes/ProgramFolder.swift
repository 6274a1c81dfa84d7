import Foundation

/// Where the programs of this package are: beside the one that runs.
public struct ProgramFolder: Sendable {
    private let folder: URL

    /// The folder of the running program.
    public init() {
        let link = "/proc/self/exe"
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) ?? CommandLine.arguments[0]
        folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    }

    /// The programs in another folder.
    public init(_ folder: URL) { self.folder = folder }

    /// The file of a program.
    package func program(_ name: String) -> URL { folder.appendingPathComponent(name) }
}
