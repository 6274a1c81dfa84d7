import ArgumentParser
import Configuration
import Encryption
import Federation
import Foundation
import Messages
import Nodes
import Persistence

/// `swiftlet-coordinator approve`.
struct Approve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Admit a client by its key, or make a one-time token with which one client can join.",
        discussion: """
            By key:   swiftlet-coordinator approve --config federation.yaml --name kitchen --key HEX --identity HEX
            By token: swiftlet-coordinator approve --config federation.yaml --token --endpoint tcp://my-host:7000

            A coordinator that is serving learns of it within a second.
            """)

    @OptionGroup var options: ConfigurationOption

    @Option(help: "The client's transport key, as 'swiftlet-client keygen' prints it.")
    var key: String?

    @Option(help: "The client's identity key; without it, the client cannot rotate its keys.")
    var identity: String?

    @Option(help: "What to call the client; needed with --key.")
    var name: String?

    @Flag(help: "Make a one-time token instead.")
    var token = false

    @Option(help: "Where the client finds the coordinator, such as tcp://my-host:7000; needed with --token.")
    var endpoint: String?

    @Option(help: "Hours until the token expires.")
    var hours = 24

    func validate() throws {
        guard token != (key != nil) else { throw ValidationError("give either --key with --name, or --token") }
        if key != nil, name == nil { throw ValidationError("--key needs --name") }
        if token, endpoint == nil { throw ValidationError("--token needs --endpoint") }
        guard (1...24 * 365).contains(hours) else { throw ValidationError("--hours must be 1 to 8760") }
    }

    func run() throws {
        do {
            let file = try FederationFile(path: options.config)
            let store = try CoordinatorStore(path: file.storePath)
            if let key, let name {
                guard let transportKey = PeerID(hex: key) else {
                    throw NodeError.configuration("--key must be 64 hexadecimal digits")
                }
                let identityKey = identity.map { PublicKeyBytes(hex: $0) }
                if case .some(nil) = identityKey {
                    throw NodeError.configuration("--identity must be 64 hexadecimal digits")
                }
                try store.approve([(name: name, transportKey: transportKey)], identity: identityKey ?? nil)
                print("\(name) is approved: \(Fingerprint.words(of: transportKey.bytes))")
            } else if let endpoint {
                print(try makeToken(file, store, endpoint: endpoint))
            }
        } catch {
            throw ExitCode(Console.exitCode(for: error))
        }
    }

    private func makeToken(_ file: FederationFile, _ store: CoordinatorStore, endpoint: String) throws -> String {
        let identity = try NodeIdentity.load(from: file.identityFile, role: .coordinator)
        let federation = try store.federation(or: file.newFederation)
        let token = try EnrolmentToken(
            endpoint: endpoint, coordinatorTransportKey: identity.transport.publicKey,
            coordinatorIdentity: identity.signing.publicKey, federation: federation.bytes, tokenKey: .generate(),
            expiry: WallClock.seconds + UInt64(hours) * 3600, rootKey: file.rootKey?.bytes)
        try store.add(
            Federation.EnrolmentToken(
                transportKey: PeerID(unchecked: token.tokenKey.publicKey), expiry: token.expiry))
        return token.text
    }
}
