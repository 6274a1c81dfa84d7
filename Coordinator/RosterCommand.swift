import ArgumentParser
import Configuration
import Encryption
import Federation
import Foundation
import Messages
import Nodes
import Persistence

/// `swiftlet-coordinator roster`.
struct RosterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roster", abstract: "Export the roster, sign it with a root key that stays offline, check it.",
        discussion: """
            On the coordinator:  swiftlet-coordinator roster export --config federation.yaml > roster.txt
            Where the root is:   swiftlet-coordinator roster root --out root.key
                                 swiftlet-coordinator roster sign roster.txt --root root.key > roster.signed
            Anywhere:            swiftlet-coordinator roster check roster.signed --root-key HEX
            """,
        subcommands: [Export.self, Root.self, Sign.self, Check.self])

    /// `roster export`.
    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the roster as text to be signed.")

        @OptionGroup var options: ConfigurationOption

        func run() throws {
            do {
                let store = try CoordinatorStore(path: FederationFile(path: options.config).storePath)
                guard let federation = try store.parameters()?.federation else {
                    throw NodeError.configuration("the federation has no id yet; start 'serve' once")
                }
                let roster = SignedRoster(
                    federation: federation, epoch: try store.rosterChangeCount(), entries: try store.roster().entries)
                print(roster.body, terminator: "")
            } catch { throw ExitCode(Console.exitCode(for: error)) }
        }
    }

    /// `roster root`.
    struct Root: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a root key.")

        @Option(help: "The key file to make; an existing one is never overwritten.", completion: .file())
        var out: String

        func run() throws {
            do {
                let root = NodeIdentity.generate(.root)
                try root.save(to: out)
                print("root key  \(PublicKeyBytes(unchecked: root.signing.publicKey).hex)")
                print("in words  \(Fingerprint.words(of: root.signing.publicKey))")
            } catch { throw ExitCode(Console.exitCode(for: error)) }
        }
    }

    /// `roster sign`.
    struct Sign: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Sign a roster with the root key.")

        @Argument(help: "The text of 'roster export'.", completion: .file())
        var file: String

        @Option(help: "The root's key file.", completion: .file())
        var root: String

        func run() throws {
            do {
                let keys = try NodeIdentity.load(from: root, role: .root)
                let roster = try SignedRoster(body: String(contentsOfFile: file, encoding: .utf8))
                print(roster.signed(by: keys.signing), terminator: "")
            } catch { throw ExitCode(Console.exitCode(for: error)) }
        }
    }

    /// `roster check`.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Check the signature of a roster.")

        @Argument(help: "The signed roster.", completion: .file())
        var file: String

        @Option(help: "The root key, 64 hexadecimal digits.")
        var rootKey: String

        @Option(help: "Refuse rosters of an earlier epoch.")
        var epoch = 0

        func run() throws {
            do {
                guard let root = PublicKeyBytes(hex: rootKey) else {
                    throw NodeError.configuration("--root-key must be 64 hexadecimal digits")
                }
                let roster = try SignedRoster(
                    text: String(contentsOfFile: file, encoding: .utf8), root: root, notBefore: epoch)
                print("signed; epoch \(roster.epoch), \(roster.entries.count) clients, hash \(roster.hash.hex)")
            } catch { throw ExitCode(Console.exitCode(for: error)) }
        }
    }
}
