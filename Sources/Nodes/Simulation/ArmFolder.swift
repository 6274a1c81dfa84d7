import Foundation

/// Where the files of one arm of a run are.
struct ArmFolder: Sendable {
    /// `DIR/<arm>`.
    let root: URL
    /// State, keys, configuration and log of the coordinator.
    var coordinator: URL { root.appendingPathComponent("coordinator", isDirectory: true) }
    /// The coordinator's private keys.
    var identity: URL { coordinator.appendingPathComponent("coordinator.key") }
    /// The bundle for a device profile.
    func bundle(_ profile: String) -> URL { root.appendingPathComponent("bundle-\(profile)", isDirectory: true) }
    /// One folder per client.
    var clients: URL { root.appendingPathComponent("clients", isDirectory: true) }

    /// The folder of one client.
    func client(_ number: Int) -> URL { clients.appendingPathComponent(Self.name(number), isDirectory: true) }

    /// `client-0007`.
    static func name(_ number: Int) -> String {
        let digits = "\(number)"
        return "client-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// Makes the folder anew; what an earlier run of the same arm left is removed.
    func makeAnew() throws(NodeError) {
        try? FileManager.default.removeItem(at: root)
        for folder in [root, coordinator, clients] { try Self.make(folder) }
    }

    /// Makes a folder that only its owner can look into.
    static func make(_ folder: URL) throws(NodeError) {
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw .file(path: folder.path, cause: error.localizedDescription) }
    }

    /// Writes a file as a whole.
    static func write(_ text: String, to file: URL) throws(NodeError) {
        do { try Data(text.utf8).write(to: file, options: .atomic) } catch {
            throw .file(path: file.path, cause: error.localizedDescription)
        }
    }
}
