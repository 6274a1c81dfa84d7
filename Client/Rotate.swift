import ArgumentParser
import Encryption
import Federation
import Foundation
import Nodes

/// `swiftlet-client rotate`.
struct Rotate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make new keys, signed by the old ones; the old key file is kept beside them.",
        discussion: "Give the line that is printed to the coordinator's operator, then start the client again.")

    @Option(help: "The client's key file, such as client/client.key.", completion: .file())
    var keys: String

    func run() throws {
        do {
            let old = try NodeIdentity.load(from: keys, role: .client)
            let new = NodeIdentity.generate(.client)
            let name = Fingerprint.words(of: old.transport.publicKey)
            try new.save(to: keys + ".new")
            try FileManager.default.moveItem(atPath: keys, toPath: "\(keys).\(name)")
            try FileManager.default.moveItem(atPath: keys + ".new", toPath: keys)
            print(KeyRotation(from: old, to: new).text)
        } catch {
            throw ExitCode(Console.exitCode(for: error))
        }
    }
}
