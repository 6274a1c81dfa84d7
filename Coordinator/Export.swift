import ArgumentParser
import Configuration
import Encryption
import Federation
import Foundation
import Nodes
import Persistence
import Reporting

/// `swiftlet-coordinator export`.
struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a published version as a signed bundle for a kind of device.",
        discussion: """
            The bundle holds the model for LiteRT, TensorFlow Lite Micro, ONNX Runtime and C, with golden vectors and
            a card; bundle.json names every file by its hash and bundle.sig is this coordinator's signature. Activation
            ranges come from the data set under 'evaluation', whose labels only measure accuracy.

              swiftlet-coordinator export --config federation.yaml --profile stm32l4 --out bundle
              swiftlet-client verify bundle
            """)

    @OptionGroup var options: ConfigurationOption

    @Option(help: "Device, or device and radio, such as stm32l4 or stm32l4+lora-sf7.")
    var profile: String

    @Option(help: "Folder for the bundle; replaced if it is there.", completion: .directory)
    var out: String

    @Option(help: "Version to export. Default: the newest.")
    var version: UInt32?

    @Option(help: "A file of your own device and radio profiles, in the form of the project's.", completion: .file())
    var profiles: String?

    @Option(help: "Golden vectors of input and output.")
    var golden = BundleExporter.goldenCount

    @Option(help: "Folder of the data sets. Default: the environment variable SWIFTLET_DATA.", completion: .directory)
    var data: String?

    mutating func validate() throws {
        guard golden >= 0 else { throw ValidationError("--golden must be 0 or more") }
    }

    func run() throws {
        do {
            let file = try FederationFile(path: options.config)
            var catalog = try ProfileCatalog.standard()
            if let profiles { try catalog.add(path: profiles) }
            let export = try CoordinatorExport(file: file, dataRoot: DataRoot.url(data))
            let report = try export.write(
                version: version, for: catalog.profile(profile), to: URL(fileURLWithPath: out), golden: golden)
            Console.show(
                "\(out): \(report.variant), \(HumanUnits.bytes(report.flashBytes)) of flash, "
                    + "\(HumanUnits.bytes(report.arenaBytes)) of RAM")
        } catch {
            throw ExitCode(Console.exitCode(for: error))
        }
    }
}
