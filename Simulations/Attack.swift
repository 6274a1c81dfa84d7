import ArgumentParser
import Foundation
import Nodes

/// `swiftlet-simulate attack`.
struct Attack: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Attack what a federation releases, and measure what comes of it.",
        discussion: """
            Recovers MNIST pictures from updates of a softmax layer, infers membership in the worst case, and audits
            the noise with canaries in a single run. Needs the MNIST files: --data DIR or SWIFTLET_DATA.

            Exit codes: 0 done, 1 the data cannot be read, 64 wrong use of the command line.
            """)

    @Option(help: "Folder of the data sets. Default: $SWIFTLET_DATA.", completion: .directory)
    var data: String?

    @Option(help: "Seed of the noise and the canaries.")
    var seed: UInt64 = 1

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        do {
            let report = try AttackReport(data: DataRoot.url(data), seed: seed)
            print(json ? try report.json() : report.table)
        } catch {
            throw ExitCode(Console.exitCode(for: error))
        }
    }
}
