import Configuration
import Foundation
import Nodes
import Reporting
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ComparisonRunnerTests {
    @Test func runsTheGridAndGoesOnWhereItWas() async throws {
        var federation = try SmallFederation()
        federation.rounds = 3
        let scenario = try Scenario(
            text: federation.scenario(mode: "memory", arms: ["float32": "{up: float32, down: float32}"]))
        let first = try await compare(scenario, ["float32", "stc"], federation.folder.url)
        #expect(first.comparison.methods.map(\.name) == ["float32", "stc"])
        #expect(first.comparison.methods.allSatisfy { $0.cells.map(\.seed) == [5, 6] })
        // The target is low: every run ends at its first evaluation.
        #expect(first.comparison.methods.flatMap(\.cells).allSatisfy { $0.round == 3 && $0.rounds == 3 })
        let stc = try #require(first.comparison.methods.last)
        #expect((first.comparison.medianFactor(stc, \.upBytes) ?? 0) > 1)

        let second = try await compare(scenario, ["float32", "stc", "fp16"], once: ["fp16"], federation.folder.url)
        #expect(second.shown.filter { $0.hasSuffix("already there") }.count == 4)
        #expect(Array(second.comparison.methods.prefix(2)) == first.comparison.methods)
        #expect(second.comparison.methods.last?.cells.map(\.seed) == [5])
        for name in ["comparison.json", "report.html", "frontier.svg", "curves.svg", "stc/seed-5/summary.json"] {
            let file = federation.folder.url.appendingPathComponent("small").appendingPathComponent(name)
            #expect(FileManager.default.fileExists(atPath: file.path))
        }
    }

    @Test func everyNamedMethodIsKnown() throws {
        for method in ComparedMethod.all { #expect(try ComparedMethod.named(method.name) == method) }
        #expect(try ComparedMethod.named("qsgd:bits=4/int8").name == "qsgd-bits-4-int8")
        #expect(throws: ConfigurationError.self) { try ComparedMethod.named("nonsense") }
    }

    private func compare(
        _ scenario: Scenario, _ methods: [String], once: Set<String> = [], _ folder: URL
    ) async throws -> (comparison: Comparison, shown: [String]) {
        let shown = Mutex<[String]>([])
        let comparison = try await ComparisonRunner(
            scenario: scenario, methods: methods.map { try ComparedMethod.named($0) }, once: once, seeds: [5, 6],
            target: 0.05, folder: folder, dataRoot: nil, programs: Programs.folder,
            style: TextStyle(isTerminal: false, environment: [:]), logger: Console.logger("tests"),
            show: { line in shown.withLock { $0.append(line) } }
        ).run()
        return (comparison, shown.withLock { $0 })
    }
}
