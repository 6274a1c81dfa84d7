import Configuration
import Foundation
import Logging
import Reporting

/// Runs a grid of methods and seeds over one scenario; what an earlier call finished is not run again.
public struct ComparisonRunner: Sendable {
    private let scenario: Scenario
    private let methods: [ComparedMethod]
    private let once: Set<String>
    private let seeds: [UInt64]
    private let target: Double
    private let folder: URL
    private let dataRoot: URL?
    private let programs: ProgramFolder
    private let style: TextStyle
    private let logger: Logger
    private let show: @Sendable (String) -> Void

    /// Prepares a comparison.
    ///
    /// - Parameters:
    ///   - methods: the first one is what the others are compared with.
    ///   - once: names of methods that run with the first seed only.
    ///   - target: int8 accuracy, a fraction above 0 up to 1; every run ends when it is reached.
    ///   - folder: results go into `<scenario>/` in it, those of each run into `<scenario>/<method>/seed-<seed>/`.
    ///   - show: prints one line.
    public init(
        scenario: Scenario, methods: [ComparedMethod], once: Set<String> = [], seeds: [UInt64], target: Double,
        folder: URL, dataRoot: URL?, programs: ProgramFolder, style: TextStyle, logger: Logger,
        show: @escaping @Sendable (String) -> Void
    ) {
        self.scenario = scenario
        self.methods = methods
        self.once = once
        self.seeds = seeds
        self.target = target
        self.folder = folder.appendingPathComponent(scenario.name, isDirectory: true)
        self.dataRoot = dataRoot
        self.programs = programs
        self.style = style
        self.logger = logger
        self.show = show
    }

    /// Runs what is missing and writes `comparison.json`, `report.html`, `frontier.svg` and `curves.svg`.
    public func run() async throws -> Comparison {
        try ArmFolder.make(folder)
        var comparison = Comparison(scenario: scenario.name, targetAccuracy: target, methods: [])
        var curves: [ArmSummary] = []
        for method in methods {
            guard let arm = try method.arm(in: scenario) else { continue }
            var runs: [(seed: UInt64, arm: ArmSummary)] = []
            for seed in once.contains(method.name) ? Array(seeds.prefix(1)) : seeds {
                runs.append((seed, try await cell(arm, seed: seed)))
            }
            let cells = runs.map { Comparison.Cell($0.arm, seed: $0.seed, target: target) }
            let measured = Comparison.Method(name: method.name, detail: arm.detail, cells: cells)
            comparison.methods.append(measured)
            let median = measured.median(\.totalBytes)
            let index = cells.firstIndex { $0.totalBytes == median } ?? 0
            var curve = runs[index].arm
            curve.name = method.name
            curves.append(curve)
            // The pictures grow while the grid runs.
            try ComparisonReport(comparison, curves: curves).write(to: folder)
        }
        return comparison
    }

    /// One run: read from its folder when it is there with the same settings, made otherwise.
    private func cell(_ arm: ScenarioArm, seed: UInt64) async throws -> ArmSummary {
        var arm = arm
        arm.seed = seed
        arm.run.stopAtAccuracy = target
        let place = folder.appendingPathComponent(arm.name).appendingPathComponent("seed-\(seed)", isDirectory: true)
        let hash = ArmCollector.hash(try arm.yaml())
        if let done = Self.finished(in: place, hash: hash) {
            show("\(arm.name), seed \(seed): already there")
            return done
        }
        var single = scenario
        single.seed = seed
        single.targetAccuracy = target
        single.arms = [arm]
        let runner = ScenarioRunner(
            scenario: single, folder: place, dataRoot: dataRoot, programs: programs, style: style, logger: logger,
            show: { _ in })
        guard let result = try await runner.run().arms.first else {
            throw NodeError.incomplete("arm \(arm.name) left no result")
        }
        show(line(result, seed: seed))
        return result
    }

    private static func finished(in folder: URL, hash: String) -> ArmSummary? {
        guard let data = try? Data(contentsOf: folder.appendingPathComponent("summary.json")),
            let summary = try? RunSummary(json: data), let arm = summary.arms.first, arm.configurationHash == hash
        else { return nil }
        return arm
    }

    private func line(_ arm: ArmSummary, seed: UInt64) -> String {
        let time = HumanUnits.duration(.seconds(arm.wallSeconds))
        guard let cost = arm.cost(ofReaching: target) else {
            let best = arm.roundsLog.compactMap(\.int8Accuracy).max().map(HumanUnits.percent) ?? "?"
            return "\(arm.name), seed \(seed): \(best) at best in \(arm.rounds) rounds, \(time)"
        }
        let bytes = [cost.byteCount.up, cost.byteCount.down].map(HumanUnits.bytes)
        return "\(arm.name), seed \(seed): round \(cost.round), \(bytes[0]) up, \(bytes[1]) down, \(time)"
    }
}
