import Configuration
import Federation
import Foundation
import Logging
import Reporting

/// Runs all arms of a scenario one after the other, shows how they go, and writes the results.
public struct ScenarioRunner: Sendable {
    private let scenario: Scenario
    private let folder: URL
    private let dataRoot: URL?
    private let programs: ProgramFolder
    private let style: TextStyle
    private let logger: Logger
    private let show: @Sendable (String) -> Void

    /// Prepares a run.
    ///
    /// - Parameters:
    ///   - folder: where results go; made if it is not there.
    ///   - dataRoot: folder of the named sets and of relative paths.
    ///   - programs: where the coordinator's and the client's program are.
    ///   - show: prints one line.
    public init(
        scenario: Scenario, folder: URL, dataRoot: URL?, programs: ProgramFolder, style: TextStyle, logger: Logger,
        show: @escaping @Sendable (String) -> Void
    ) {
        self.scenario = scenario
        self.folder = folder
        self.dataRoot = dataRoot
        self.programs = programs
        self.style = style
        self.logger = logger
        self.show = show
    }

    /// Runs every arm and writes `summary.json`, `rounds.csv`, `report.html`, and per arm a model and `clients.csv`.
    ///
    /// - Throws: the first arm's error; results of the arms before it are written all the same.
    public func run() async throws -> RunSummary {
        try ArmFolder.make(folder)
        var results: [ArmResult] = []
        for arm in scenario.arms {
            do {
                results.append(try await run(arm, baseline: results.first?.rows ?? []))
            } catch {
                if !results.isEmpty { try summary(of: results).write(to: folder) }
                throw error
            }
            show("")
        }
        let summary = summary(of: results)
        try summary.write(to: folder)
        let table = FinalTable(summary, targetAccuracy: scenario.targetAccuracy, style: style)
        for line in table.lines { show(line) }
        return summary
    }

    private func summary(of results: [ArmResult]) -> RunSummary {
        RunSummary(
            scenario: scenario.name, seed: scenario.seed, arms: results.map(\.summary),
            targetAccuracy: scenario.targetAccuracy)
    }

    private func run(_ arm: ScenarioArm, baseline: [ProgressTable.Row]) async throws -> ArmResult {
        let table = ProgressTable(
            rounds: arm.run.rounds, baseline: baseline, style: style, showsEffort: !arm.run.devices.isEmpty,
            showsEpsilon: arm.run.privacy != nil)
        for line in table.heading(arm: arm.name, detail: arm.detail) { show(line) }
        let files = ArmFolder(root: folder.appendingPathComponent(arm.name, isDirectory: true))
        try files.makeAnew()
        let (events, continuation) = AsyncStream<CoordinatorProgress>.makeStream()
        let runner = runner(of: arm, files: files)
        async let outcome: Void = {
            defer { continuation.finish() }
            try await runner.run { continuation.yield($0) }
        }()
        var collector = try ArmCollector(arm: arm, folder: files)
        for await event in events {
            if let row = try collector.take(event) { show(table.line(row)) }
        }
        try await outcome
        let result = try collector.result()
        if let devices = result.summary.devices {
            for line in [""] + DeviceTable(devices, style: style).lines { show(line) }
        }
        do {
            try ArmExport(arm: arm, folder: files, dataRoot: dataRoot).write(after: result.summary, show: show)
        } catch {
            // The run itself is worth more than its bundles.
            show("no bundle: \(error)")
        }
        return result
    }

    private func runner(of arm: ScenarioArm, files: ArmFolder) -> any ArmRunning {
        switch arm.mode {
        case .memory: MemoryArm(arm: arm, folder: files, dataRoot: dataRoot, logger: logger)
        case .processes, .workers:
            ProcessArm(arm: arm, folder: files, dataRoot: dataRoot, programs: programs, logger: logger)
        }
    }
}

extension ScenarioArm {
    /// The arm in a few words.
    var detail: String {
        "\(clients) clients, \(run.compression.up) up, \(run.compression.down.rawValue) down, "
            + "\(run.local.epochs) local \(run.local.epochs == 1 ? "epoch" : "epochs"), \(run.server.name.rawValue), "
            + mode.rawValue
    }
}
