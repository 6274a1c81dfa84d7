import ArgumentParser
import Configuration
import Encryption
import Foundation
import Messages
import Nodes
import Persistence

/// `swiftlet-coordinator init`.
struct Initialize: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make the state directory, the coordinator's keys and the federation's id.",
        discussion: "Existing keys are never overwritten: clients have pinned them.")

    @OptionGroup var options: ConfigurationOption

    func run() throws {
        do {
            let file = try FederationFile(path: options.config)
            try FileManager.default.createDirectory(
                atPath: file.stateDirectory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            let identity = NodeIdentity.generate(.coordinator)
            try identity.save(to: file.identityFile)
            let federation = try CoordinatorStore(path: file.storePath).federation(or: file.newFederation)
            print("keys in \(file.identityFile)")
            print("federation     \(federation.hex)")
            print("transport key  \(PeerID(unchecked: identity.transport.publicKey).hex)")
            print("identity key   \(PublicKeyBytes(unchecked: identity.signing.publicKey).hex)")
            print("fingerprint    \(Fingerprint.text(of: identity.signing.publicKey))")
            print("in words       \(Fingerprint.words(of: identity.signing.publicKey))")
        } catch {
            throw ExitCode(Console.exitCode(for: error))
        }
    }
}
