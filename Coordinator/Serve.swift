import ArgumentParser
import Configuration
import Federation
import Foundation
import Nodes
import Reporting

/// `swiftlet-coordinator serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve clients until all rounds are published.",
        discussion: """
            SIGINT and SIGTERM stop it in good order. After a stop or a crash, start it again: it goes on from the last
            published version. The final model is written into the state directory.
            """)

    enum ProgressForm: String, ExpressibleByArgument, CaseIterable { case table, json, none }

    @OptionGroup var options: ConfigurationOption

    @Option(help: "What is printed on standard output: a table for people, JSON lines for programs, or nothing.")
    var progress = ProgressForm.table

    @Option(help: "Folder of the data sets. Default: the environment variable SWIFTLET_DATA.", completion: .directory)
    var data: String?

    @Flag(help: "Stop when standard input ends: for programs that start a coordinator.")
    var untilStdinCloses = false

    func run() async throws {
        let outcome: FinishReport.Outcome
        do {
            outcome = try await serve()
        } catch {
            throw ExitCode(Console.exitCode(for: error))
        }
        switch outcome {
        case .completed, .budgetSpent: return
        case .stopped: throw ExitCode(75)
        case .tooManyFailures, .tooFewClients, .cohortTooLarge: throw ExitCode(Console.failed)
        }
    }

    private func serve() async throws -> FinishReport.Outcome {
        let file = try FederationFile(path: options.config)
        let logger = Console.logger("coordinator")
        let printer = ProgressPrinter(form: progress, file: file)
        let host = try CoordinatorHost(file: file, dataRoot: DataRoot.url(data), logger: logger) { printer.show($0) }
        if untilStdinCloses {
            Task {
                await ParentWatch.standardInputEnded()
                await host.stop()
            }
        }
        let service = StoppableService(run: { try await host.run().outcome }, stop: { await host.stop() })
        return try await service.untilSignalled(logger: logger) ?? .stopped
    }
}
