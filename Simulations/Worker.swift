import ArgumentParser
import Nodes

/// `swiftlet-simulate worker`: many clients in one process; started by `run`.
struct Worker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Be many clients of a simulation; started by 'run'.", shouldDisplay: false)

    @Option(help: "The plan that 'run' wrote.")
    var plan: String

    @Option(help: "Folder of the data sets. Default: the environment variable SWIFTLET_DATA.")
    var data: String?

    func run() async throws {
        do {
            let host = try WorkerHost(
                plan: WorkerPlan(path: plan), dataRoot: DataRoot.url(data), logger: Console.logger("worker"))
            let watch = Task {
                await ParentWatch.standardInputEnded()
                await host.stop()
            }
            defer { watch.cancel() }
            try await host.run()
        } catch {
            throw ExitCode(Console.exitCode(for: error))
        }
    }
}
