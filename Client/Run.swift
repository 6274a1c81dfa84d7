import ArgumentParser
import Configuration
import Federation
import Foundation
import Messages
import Nodes

/// `swiftlet-client run`.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train for the coordinator until the federation is complete.",
        discussion: """
            Connects again by itself when the coordinator is gone. SIGINT and SIGTERM stop it in good order; what the
            compression of updates left behind is kept in the state directory and goes into the next update.
            """)

    @Option(help: "The client's configuration, such as Deploy/examples/client.yaml.", completion: .file())
    var config: String

    @Option(help: "Folder of the data sets. Default: the environment variable SWIFTLET_DATA.", completion: .directory)
    var data: String?

    @Flag(help: "Print nothing but errors.")
    var quiet = false

    @Flag(help: "Stop when standard input ends: for programs that start clients.")
    var untilStdinCloses = false

    func run() async throws {
        do {
            try await takePart()
        } catch {
            throw ExitCode(Console.exitCode(for: error))
        }
    }

    private func takePart() async throws {
        let logger = Console.logger("client")
        let quiet = quiet
        let host = try ClientHost(file: try ClientFile(path: config), dataRoot: DataRoot.url(data), logger: logger) {
            if !quiet || $0.isRefusal { Console.show(ReportText.line($0)) }
        }
        if untilStdinCloses {
            Task {
                await ParentWatch.standardInputEnded()
                await host.stop()
            }
        }
        let service = StoppableService(run: { try await host.run() }, stop: { await host.stop() })
        if case .finished(let finish) = try await service.untilSignalled(logger: logger), !quiet {
            Console.show("the federation is complete: version \(finish.version), model \(finish.modelHash.hex)")
        }
    }
}
