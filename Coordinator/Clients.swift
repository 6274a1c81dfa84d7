import ArgumentParser
import Configuration
import Encryption
import Federation
import Foundation
import Messages
import Nodes
import Persistence

/// `swiftlet-coordinator clients`.
struct Clients: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the clients on the roster and the open tokens.", aliases: ["clients"])

    @OptionGroup var options: ConfigurationOption

    func run() throws {
        do {
            let store = try CoordinatorStore(path: FederationFile(path: options.config).storePath)
            let roster = try store.roster()
            let width = max(6, roster.entries.map(\.name.count).max() ?? 0)
            print("number  \(Self.padded("client", width))  standing  fingerprint in words     transport key")
            for entry in roster.entries {
                let number = String(repeating: " ", count: max(0, 6 - "\(entry.number)".count)) + "\(entry.number)"
                print(
                    "\(number)  \(Self.padded(entry.name, width))  \(entry.standing.rawValue)  "
                        + "\(Fingerprint.words(of: entry.transportKey.bytes))  \(entry.transportKey.hex)")
            }
            let signed = roster.signed.map { "; signed by the root key: epoch \($0.epoch)" } ?? ""
            print("roster epoch \(try store.rosterChangeCount())\(signed)")
            let open = roster.tokens.filter { $0.usedBy == nil && $0.expiry > WallClock.seconds }
            if !open.isEmpty { print("\(open.count) unused token\(open.count == 1 ? "" : "s")") }
        } catch {
            throw ExitCode(Console.exitCode(for: error))
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
