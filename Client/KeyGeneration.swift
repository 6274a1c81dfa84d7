import ArgumentParser
import Encryption
import Messages
import Nodes

/// `swiftlet-client keygen`.
struct KeyGeneration: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen", abstract: "Make this client's keys; the private ones never leave the file.")

    @Option(help: "The key file to make; an existing one is never overwritten.", completion: .file())
    var out: String

    func run() throws {
        do {
            let identity = NodeIdentity.generate(.client)
            try identity.save(to: out)
            print("keys in \(out)")
            print("transport key  \(PeerID(unchecked: identity.transport.publicKey).hex)")
            print("fingerprint    \(Fingerprint.text(of: identity.transport.publicKey))")
            print("give the transport key to the coordinator's operator: swiftlet-coordinator approve --key … --name …")
        } catch {
            throw ExitCode(Console.exitCode(for: error))
        }
    }
}
