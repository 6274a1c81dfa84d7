import ArgumentParser
import Configuration
import Federation
import Nodes
import Persistence

/// `swiftlet-coordinator revoke`.
struct Revoke: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shut a client out; a live connection's next message is refused.")

    @OptionGroup var options: ConfigurationOption

    @Argument(help: "The client's name or transport key.")
    var client: String

    func run() throws {
        do {
            let store = try CoordinatorStore(path: FederationFile(path: options.config).storePath)
            try store.set(.revoked, client: client)
            print("\(client) is revoked; roster epoch \(try store.rosterChangeCount())")
        } catch {
            throw ExitCode(Console.exitCode(for: error))
        }
    }
}
