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
        commandName: "roster", abstract: "Sign the roster with a root key that stays offline, and put it to use.",
        discussion: """
            Once, where the root is:  swiftlet-coordinator roster root --out root.key
            and 'root_key' goes into federation.yaml and, under 'coordinator', into every client.yaml.
            After every change:
            On the coordinator:       swiftlet-coordinator roster export --config federation.yaml > roster.txt
            Where the root is:        swiftlet-coordinator roster sign roster.txt --root root.key > roster.signed
            On the coordinator:       swiftlet-coordinator roster import roster.signed --config federation.yaml
            Where both are at hand:   swiftlet-coordinator roster sign --config federation.yaml --root root.key
            Anywhere:                 swiftlet-coordinator roster check roster.signed --root-key HEX

            A coordinator that is serving learns of it within a second; clients get it with the next masked round.
            """,
        subcommands: [Root.self, Export.self, Sign.self, Import.self, Check.self])

    /// `roster export`.
    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the roster as text to be signed.")

        @OptionGroup var options: ConfigurationOption

        func run() throws {
            do {
                let file = try FederationFile(path: options.config)
                print(try file.roster(in: CoordinatorStore(path: file.storePath)).body, terminator: "")
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
        static let configuration = CommandConfiguration(
            abstract: "Sign a roster with the root key: a text, or with --config the present one, put to use at once.")

        @Argument(help: "The text of 'roster export'.", completion: .file())
        var file: String?

        @Option(help: "The root's key file.", completion: .file())
        var root: String

        @Option(help: "The federation's configuration, to sign the present roster and put it to use.")
        var config: String?

        func validate() throws {
            guard (file == nil) != (config == nil) else {
                throw ValidationError("give either the text of 'roster export', or --config")
            }
        }

        func run() throws {
            do {
                let keys = try NodeIdentity.load(from: root, role: .root)
                if let file {
                    let roster = try SignedRoster(body: String(contentsOfFile: file, encoding: .utf8))
                    print(roster.signed(by: keys.signing), terminator: "")
                } else if let config {
                    let federation = try FederationFile(path: config)
                    let store = try CoordinatorStore(path: federation.storePath)
                    print(try federation.use(federation.roster(in: store).signed(by: keys.signing), in: store))
                }
            } catch { throw ExitCode(Console.exitCode(for: error)) }
        }
    }

    /// `roster import`.
    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a signed roster against 'root_key' and put it to use.")

        @Argument(help: "The signed roster.", completion: .file())
        var file: String

        @OptionGroup var options: ConfigurationOption

        func run() throws {
            do {
                let federation = try FederationFile(path: options.config)
                let text = try String(contentsOfFile: file, encoding: .utf8)
                print(try federation.use(text, in: CoordinatorStore(path: federation.storePath)))
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
                let (roster, members) = try SignedRoster.read(
                    String(contentsOfFile: file, encoding: .utf8), root: root, notBefore: epoch)
                print("signed; epoch \(roster.epoch), \(members.identities.count) clients, hash \(members.hash.hex)")
            } catch { throw ExitCode(Console.exitCode(for: error)) }
        }
    }
}

extension FederationFile {
    /// The present roster, to be signed.
    fileprivate func roster(in store: CoordinatorStore) throws -> SignedRoster {
        let (roster, epoch) = try store.rosterWithEpoch()
        return SignedRoster(
            federation: try store.federation(or: newFederation), epoch: epoch, entries: roster.entries)
    }

    /// Puts a signed roster to use; the result says so.
    fileprivate func use(_ text: String, in store: CoordinatorStore) throws -> String {
        guard let rootKey else {
            throw NodeError.configuration("the configuration names no 'root_key', so that no signature can be checked")
        }
        let (roster, members) = try SignedRoster.read(text, root: rootKey)
        guard roster.federation == (try store.federation(or: newFederation)) else {
            throw NodeError.configuration("this is the roster of another federation, \(roster.federation.hex)")
        }
        try store.keep(members)
        let missing = roster.entries.filter { $0.standing == .approved && $0.identityKey == nil }.map(\.name)
        let hint =
            missing.isEmpty ? "" : "; without an identity key, and so not on it: \(missing.joined(separator: ", "))"
        return "the roster of epoch \(roster.epoch) with \(members.identities.count) clients is in use\(hint)"
    }
}
