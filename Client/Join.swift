import ArgumentParser
import Configuration
import Encryption
import Foundation
import Messages
import Nodes

/// `swiftlet-client join`.
struct Join: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Join a federation with a one-time token; makes keys and a configuration.",
        discussion: """
            Makes STATE/client.key, where there is none yet, and STATE/client.yaml. Name the files to train on with
            --kind, --inputs and --labels, or add them to client.yaml afterwards.
            """)

    @Argument(help: "The token, as 'swiftlet-coordinator approve --token' prints it.")
    var token: String

    @Option(help: "Folder for keys, configuration and state; made if it is not there.", completion: .directory)
    var state: String

    @Option(help: "What operators will call this client. Default: the machine's name.")
    var name: String?

    @Option(help: "Kind of the data files: idx, npy or csv.")
    var kind: String?

    @Option(help: "File of the inputs.", completion: .file())
    var inputs: String?

    @Option(help: "File of the labels; with csv, the label column.")
    var labels: String?

    func validate() throws {
        let given = [kind, inputs, labels].compactMap { $0 }.count
        guard given == 0 || given == 3 else { throw ValidationError("--kind, --inputs and --labels go together") }
    }

    func run() async throws {
        do {
            try await join()
        } catch {
            throw ExitCode(Console.exitCode(for: error))
        }
    }

    private func join() async throws {
        let token = try EnrolmentToken(token, now: WallClock.seconds)
        try FileManager.default.createDirectory(
            atPath: state, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let keyFile = state + "/client.key"
        if !FileManager.default.fileExists(atPath: keyFile) { try NodeIdentity.generate(.client).save(to: keyFile) }
        let identity = try NodeIdentity.load(from: keyFile, role: .client)
        let name = name ?? ProcessInfo.processInfo.hostName
        let enrolled = try await Enrolment.join(token, as: identity, name: name)
        let file = state + "/client.yaml"
        try Data(configuration(token, name: name).utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
        print("joined as client \(enrolled.clientNumber)")
        if let root = token.rootKey {
            print("root key of the roster, in words  \(Fingerprint.words(of: root))")
            print("ask the operator whether these are the words, and to sign the roster with this client on it")
        }
        print(kind == nil ? "add your data to \(file), then:" : "next:")
        print("  swiftlet-client run --config \(file)")
    }

    private func configuration(_ token: EnrolmentToken, name: String) throws -> String {
        let data =
            kind.map { kind in
                """
                data:
                  kind: \(kind)
                  inputs: \(quoted(absolute(inputs ?? "")))
                  labels: \(quoted(kind == "csv" ? labels ?? "" : absolute(labels ?? "")))
                """
            } ?? "# data: {kind: npy, inputs: inputs.npy, labels: labels.npy}"
        let root = token.rootKey.map { "\n  root_key: \(PublicKeyBytes(unchecked: $0).hex)" } ?? ""
        return """
            name: \(quoted(name))
            coordinator:
              endpoint: \(token.endpoint)
              transport_key: \(PeerID(unchecked: token.coordinatorTransportKey).hex)
              identity_key: \(PublicKeyBytes(unchecked: token.coordinatorIdentity).hex)\(root)
            state_directory: \(quoted(absolute(state)))
            \(data)

            """
    }

    private func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

    private func quoted(_ text: String) -> String {
        "\"" + text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"") + "\""
    }
}
