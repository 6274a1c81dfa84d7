import ArgumentParser
import Configuration
import Foundation
import Nodes
import Reporting

/// `swiftlet-simulate compare`.
struct Compare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare methods by their bytes to a target accuracy, over several seeds.",
        discussion: """
            Every method runs through the same coordinator, the same clients and the same wire, and ends when its int8
            model reaches the target. An arm of the scenario with the name of a method is that method; the others are
            the scenario's first arm with other codecs. What is finished in DIR with the same settings is not run
            again, so an interrupted comparison goes on where it was.

            Writes DIR/<scenario>/report.html, frontier.svg, curves.svg, comparison.json, and the results of every run;
            and DIR/frontier.svg and frontier.md with all scenarios.

            Methods: \(ComparedMethod.all.map(\.name).joined(separator: ", ")); or a codec of updates, such as
            topk+ternary:p=0.03, or of updates and models, such as qsgd:bits=4/int8.

            Exit codes: 0 done, 1 a run failed, 64 wrong use of the command line, 78 a wrong scenario.
            """)

    @Argument(help: "Scenario files.", completion: .file())
    var scenarios: [String]

    @Option(help: "Folder for the results; made if it is not there.", completion: .directory)
    var out: String

    @Option(help: "Methods, with commas; the first is what the others are compared with. Default: all.")
    var codecs: String?

    @Option(help: "More methods, with commas, that run with the first seed only; all: every one not among --codecs.")
    var once: String?

    @Option(help: "Seeds, with commas. Default: 1,2,3.")
    var seeds: String?

    @Option(help: "The int8 accuracy to reach, a fraction, instead of the scenario's.")
    var target: Double?

    @Option(help: "Most rounds of a run, instead of the scenario's.")
    var rounds: Int?

    @Option(help: "Where clients run, instead of the scenario's: processes, workers or memory.")
    var mode: Scenario.Mode?

    @Flag(help: "A small grid: \(ComparedMethod.quick.map(\.name).joined(separator: ", ")), one seed.")
    var quick = false

    @Flag(help: "Print the comparison as JSON and nothing else.")
    var json = false

    @Option(help: "Folder of the data sets. Default: the environment variable SWIFTLET_DATA.", completion: .directory)
    var data: String?

    mutating func validate() throws {
        if let rounds, rounds < 1 { throw ValidationError("--rounds must be 1 or more") }
        if let target, !(target > 0 && target <= 1) { throw ValidationError("--target must be above 0, at most 1") }
        _ = try seedList
        do { _ = try methodList + onceList } catch { throw ValidationError("\(error)") }
        let names = try (methodList + onceList).map(\.name)
        guard Set(names).count == names.count else {
            throw ValidationError("--codecs and --once name a method twice")
        }
    }

    func run() async throws {
        let style = TextStyle(
            isTerminal: isatty(STDOUT_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
        var comparisons: [Comparison] = []
        do {
            for path in scenarios {
                let comparison = try await compare(path, style)
                comparisons.append(comparison)
                if !json { ([""] + ComparisonTable(comparison, style: style).lines).forEach(Console.show) }
            }
            try FrontierOverview(comparisons).write(to: URL(fileURLWithPath: out))
            if json { try Console.show(Console.json(comparisons)) }
        } catch {
            throw ExitCode(Console.exitCode(for: error))
        }
    }

    private func compare(_ path: String, _ style: TextStyle) async throws -> Comparison {
        var scenario = try Scenario(path: path)
        guard let target = target ?? scenario.targetAccuracy else {
            throw NodeError.configuration("'\(path)' has no target_accuracy; give one there or with --target")
        }
        for index in scenario.arms.indices {
            if let rounds { scenario.arms[index].run.rounds = rounds }
            if let mode { scenario.arms[index].mode = mode }
        }
        let isQuiet = json
        return try await ComparisonRunner(
            scenario: scenario, methods: try methodList + onceList, once: Set(try onceList.map(\.name)),
            seeds: try seedList, target: target,
            folder: URL(fileURLWithPath: out), dataRoot: DataRoot.url(data), programs: ProgramFolder(), style: style,
            logger: Console.logger("compare"), show: { if !isQuiet { Console.show($0) } }
        ).run()
    }

    private var methodList: [ComparedMethod] {
        get throws {
            guard let codecs else { return quick ? ComparedMethod.quick : ComparedMethod.all }
            return try codecs.split(separator: ",").map { try ComparedMethod.named(String($0)) }
        }
    }

    private var onceList: [ComparedMethod] {
        get throws {
            guard let once else { return [] }
            guard once == "all" else {
                return try once.split(separator: ",").map { try ComparedMethod.named(String($0)) }
            }
            let named = Set(try methodList.map(\.name))
            return ComparedMethod.all.filter { !named.contains($0.name) }
        }
    }

    private var seedList: [UInt64] {
        get throws {
            let text = seeds ?? (quick ? "1" : "1,2,3")
            let list = text.split(separator: ",").map { UInt64($0) }
            guard !list.isEmpty, !list.contains(nil), Set(list).count == list.count else {
                throw ValidationError("--seeds must be different whole numbers with commas, such as 1,2,3")
            }
            return list.compactMap { $0 }
        }
    }
}
