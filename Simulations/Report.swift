import ArgumentParser
import Foundation
import Nodes
import Reporting

/// `swiftlet-simulate report`.
struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw the report of a finished run anew.",
        discussion: """
            Reads DIR/summary.json and DIR/<arm>/clients.csv, and writes DIR/report.html: one file without scripts, for
            any browser, a phone or paper.

            Exit codes: 0 done, 1 a file cannot be read or written, 64 wrong use of the command line.
            """)

    @Argument(help: "The folder that 'run' wrote its results into.", completion: .directory)
    var folder: String

    @OptionGroup var export: MetricsExport

    func run() throws {
        let folder = URL(fileURLWithPath: folder)
        do {
            let report = try RunReport(folder: folder)
            try report.write(to: folder)
            try export.write(report.summary)
        } catch {
            throw ExitCode(Console.exitCode(for: error))
        }
        Console.show("drawn: \(folder.appendingPathComponent("report.html").relativePath)")
    }
}
