import ArgumentParser
import Configuration
import Federation
import Foundation
import Logging
import Nodes
import Reporting
import UpdateCodec

/// `swiftlet-simulate run`.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run all arms of a scenario and write the results.",
        discussion: """
            Writes DIR/report.html, DIR/summary.json, DIR/rounds.csv, and per arm the final model, clients.csv and the
            logs of its processes.
            Results of an earlier run in the same DIR are replaced.

            Codecs of updates (compression.up): \(UpdateCodecs.names.joined(separator: ", ")).
            auto, lowrank and entropy take nmse= or bytes=, such as auto:nmse=0.5; with to= and over=, nmse moves there
            over so many rounds.
            Models (compression.down): float32, int8, or a codec of updates for the way from version 0.
            'compression: auto' chooses both.
            """)

    @Argument(help: "The scenario file, such as Simulations/scenarios/quickstart.yaml.", completion: .file())
    var scenario: String

    @Option(help: "Folder for the results; made if it is not there.", completion: .directory)
    var out: String

    @Option(help: "Folder of the data sets. Default: the environment variable SWIFTLET_DATA.", completion: .directory)
    var data: String?

    @Option(help: "Seed instead of the scenario's.")
    var seed: UInt64?

    @Option(help: "Number of rounds instead of the scenario's.")
    var rounds: Int?

    @Option(help: "Where clients run, instead of the scenario's: processes, workers or memory.")
    var mode: Scenario.Mode?

    @Option(name: .customLong("arm"), help: "Run just this arm; may be given several times.")
    var arms: [String] = []

    @OptionGroup var export: MetricsExport

    mutating func validate() throws {
        if let rounds, rounds < 1 { throw ValidationError("--rounds must be 1 or more") }
    }

    func run() async throws {
        let scenario = try adjusted()
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let runner = ScenarioRunner(
            scenario: scenario, folder: URL(fileURLWithPath: out), dataRoot: DataRoot.url(data),
            programs: ProgramFolder(),
            style: TextStyle(isTerminal: isTerminal, environment: ProcessInfo.processInfo.environment),
            logger: Console.logger("simulate"), show: Console.show)
        do {
            try export.write(try await runner.run())
        } catch {
            throw ExitCode(Console.exitCode(for: error))
        }
        Console.show("\nresults in \(out): report.html, summary.json, rounds.csv, and per arm model.int8.safetensors")
        for bundle in Self.bundles(of: scenario, in: out) {
            Console.show("a device runs \(bundle): as C, LiteRT, ONNX; README.md loads it in three lines of Python")
        }
    }

    /// The bundles that the arms left.
    private static func bundles(of scenario: Scenario, in out: String) -> [String] {
        scenario.arms.flatMap { arm in arm.exports.map { "\(out)/\(arm.name)/bundle-\($0.name)" } }
            .filter { FileManager.default.fileExists(atPath: $0 + "/bundle.json") }
    }

    private func adjusted() throws -> Scenario {
        var scenario: Scenario
        do { scenario = try Scenario(path: self.scenario) } catch { throw ExitCode(Console.exitCode(for: error)) }
        if let seed { scenario.seed = seed }
        if !arms.isEmpty {
            let known = scenario.arms.map(\.name)
            for name in arms where !known.contains(name) {
                throw ValidationError("there is no arm \(name); the scenario has \(known.joined(separator: ", "))")
            }
            scenario.arms.removeAll { !arms.contains($0.name) }
        }
        for index in scenario.arms.indices {
            if let seed { scenario.arms[index].seed = seed }
            if let rounds { scenario.arms[index].run.rounds = rounds }
            if let mode { scenario.arms[index].mode = mode }
        }
        return scenario
    }
}

extension Scenario.Mode: ExpressibleByArgument {}
