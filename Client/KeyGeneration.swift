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
            print("identity key   \(PublicKeyBytes(unchecked: identity.signing.publicKey).hex)")
            print("fingerprint    \(Fingerprint.text(of: identity.transport.publicKey))")
            print("in words       \(Fingerprint.words(of: identity.transport.publicKey))")
            print("give both keys to the coordinator's operator, and compare the words by telephone:")
            print("  swiftlet-coordinator approve --config … --name … --key … --identity …")
        } catch {
            throw ExitCode(Console.exitCode(for: error))
        }
    }
}
