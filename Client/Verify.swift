import ArgumentParser
import Encryption
import Foundation
import Messages
import ModelFormats
import Nodes

/// `swiftlet-client verify`.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a bundle: every file against its hash, the list of them against the coordinator's signature.",
        discussion: """
            Without --identity the signature only proves that whoever holds the printed key signed the bundle; compare
            its fingerprint with the coordinator's.
            """)

    @Argument(help: "Folder of the bundle.", completion: .directory)
    var bundle: String

    @Option(help: "The coordinator's identity key, 64 hexadecimal digits, as 'join' and 'init' print it.")
    var identity: String?

    func run() throws {
        let key = try identity.map { text in
            guard let key = PublicKeyBytes(hex: text) else {
                throw ValidationError("--identity must be 64 hexadecimal digits")
            }
            return key.bytes
        }
        do {
            let manifest = try DeviceBundle.verify(URL(fileURLWithPath: bundle), signer: key)
            for file in manifest.files { print("\(file.blake2b256)  \(file.name)") }
            print(
                "\(manifest.model), version \(manifest.version), for \(manifest.profile): \(manifest.files.count) files"
            )
            let signer = PublicKeyBytes(hex: manifest.signer)?.bytes ?? []
            print("signed by \(manifest.signer), fingerprint \(Fingerprint.text(of: signer))")
        } catch {
            throw ExitCode(Console.exitCode(for: error))
        }
    }
}
