import ArgumentParser
import Configuration
import Encryption
import Federation
import Messages
import Nodes
import Persistence

/// `swiftlet-coordinator rotate`.
struct Rotate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take over new keys of a client, which its old identity has signed.",
        discussion: "The line comes from 'swiftlet-client rotate'. The old transport key is good for some hours more.")

    @OptionGroup var options: ConfigurationOption

    @Argument(help: "The line that 'swiftlet-client rotate' printed.")
    var rotation: String

    @Option(help: "Hours until the old transport key is void.")
    var overlap = 24

    func validate() throws {
        guard (0...24 * 365).contains(overlap) else { throw ValidationError("--overlap must be 0 to 8760") }
    }

    func run() throws {
        do {
            let store = try CoordinatorStore(path: FederationFile(path: options.config).storePath)
            let rotation = try KeyRotation(text: rotation)
            try store.rotate(rotation, overlapUntil: WallClock.seconds + UInt64(overlap) * 3600)
            print("rotated; new key: \(Fingerprint.words(of: rotation.transportKey.bytes))")
        } catch {
            throw ExitCode(Console.exitCode(for: error))
        }
    }
}
