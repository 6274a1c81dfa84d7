import Foundation
import Reporting

/// Writes `clients.csv` round by round, so that a long run keeps nothing of it in memory.
struct ClientLog {
    private let handle: FileHandle
    private let path: String

    /// Starts the file of an arm.
    init(_ folder: ArmFolder) throws(NodeError) {
        let file = folder.root.appendingPathComponent("clients.csv")
        try ArmFolder.write(ClientsCSV.header + "\n", to: file)
        do {
            handle = try FileHandle(forWritingTo: file)
            try handle.seekToEnd()
        } catch { throw .file(path: file.path, cause: error.localizedDescription) }
        path = file.path
    }

    /// Adds the cohort of a round.
    func append(round: Int, _ clients: [ClientRound], linkSeconds: [Double?]) throws(NodeError) {
        var text = ""
        for (client, seconds) in zip(clients, linkSeconds) {
            text += ClientsCSV.line(round: round, client, linkSeconds: seconds) + "\n"
        }
        do { try handle.write(contentsOf: Data(text.utf8)) } catch {
            throw .file(path: path, cause: error.localizedDescription)
        }
    }
}
