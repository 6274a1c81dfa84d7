import Foundation
import Reporting
import Testing

struct ComparisonTests {
    private static func cell(_ seed: UInt64, scale: Int, reaches: Bool = true) -> Comparison.Cell {
        let arm = ExampleRun.arm(
            "x",
            logs: [ExampleRun.log(1, 0.5, bytes: 1000 * scale), ExampleRun.log(2, reaches ? 0.99 : 0.6, bytes: 1000)])
        return Comparison.Cell(arm, seed: seed, target: 0.9)
    }

    private static func method(_ name: String, _ scales: [Int], missing: Set<Int> = []) -> Comparison.Method {
        let cells = scales.enumerated().map { index, scale in
            cell(UInt64(index), scale: scale, reaches: !missing.contains(index))
        }
        return Comparison.Method(name: name, detail: "", cells: cells)
    }

    private static let comparison = Comparison(
        scenario: "s", targetAccuracy: 0.9,
        methods: [
            method("base", [100, 100, 100]), method("small", [1, 2, 3]),
            method("missing", [1, 1, 1], missing: [0, 1]),
            method("lucky", [10, 30, 20], missing: [1]),
        ])

    @Test func cellHoldsTheBytesUpToTheTarget() {
        let cell = Self.cell(1, scale: 5)
        #expect(cell.round == 2)
        #expect(cell.upBytes == 6000)
        #expect(cell.downBytes == 8000)
        #expect(cell.totalBytes == 14000)
    }

    @Test func aSeedThatMissedCountsAsWorst() {
        #expect(Self.comparison.methods[2].median(\.totalBytes) == nil)
        #expect(Self.comparison.medianFactor(Self.comparison.methods[2], \.totalBytes) == nil)
        #expect(Self.comparison.methods[3].median(\.upBytes) == 21_000)
    }

    @Test(arguments: [1, 2, 3, 4, 5]) func mediansOfBytesAndFactorsAreOfOneSeed(seeds: Int) {
        let base = Self.method("base", Array(repeating: 100, count: seeds))
        let other = Self.method("other", Array(1...seeds))
        let comparison = Comparison(scenario: "s", targetAccuracy: 0.9, methods: [base, other])
        let bytes = other.median(\.upBytes)
        let factor = comparison.medianFactor(other, \.upBytes)
        let expected = bytes.map { 101_000 / Double($0) }
        #expect(expected == factor)
    }

    @Test func ranksByBytesAndThoseThatMissedLast() {
        #expect(Self.comparison.ranked.map(\.name) == ["small", "lucky", "base", "missing"])
    }

    @Test func tableHasALinePerMethodOfAHundredColumnsAtMost() {
        let lines = ComparisonTable(Self.comparison, style: .plain).lines
        #expect(lines.count == 9)
        #expect(lines.allSatisfy { $0.count <= 100 })
        #expect(lines[3].hasPrefix("small"))
        #expect(lines.last { $0.hasPrefix("missing missed the target") } != nil)
    }

    @Test func writesPicturesAndFigures() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try ComparisonReport(Self.comparison, curves: ExampleRun.arms).write(to: folder)
        let json = try Data(contentsOf: folder.appendingPathComponent("comparison.json"))
        #expect(try JSONDecoder().decode(Comparison.self, from: json) == Self.comparison)
        for name in ["report.html", "frontier.svg", "curves.svg"] {
            let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            #expect(text.contains("</svg>"))
        }
    }

    @Test func overviewHasEveryMethodAndScenario() throws {
        var other = Self.comparison
        other.scenario = "t"
        other.methods[1].cells = Array(other.methods[1].cells.prefix(1))
        other.methods.removeLast()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FrontierOverview([Self.comparison, other]).write(to: folder)
        let lines = try String(contentsOf: folder.appendingPathComponent("frontier.md"), encoding: .utf8)
            .split(separator: "\n").map(String.init)
        #expect(lines[0] == "| method | s, 90.00% | t, 90.00% |")
        #expect(lines[2].hasPrefix("| `small` | 8.00 kB, 2, 25.5× | 6.00 kB, 2, 34.0×"))
        #expect(lines[2].hasSuffix("\\* |"))
        #expect(lines.contains { $0.hasPrefix("| `missing` | 9") && $0.hasSuffix("% at best |") })
        #expect(lines.contains { $0.hasPrefix("| `lucky` |") && $0.hasSuffix("|  |") })
        let picture = try String(contentsOf: folder.appendingPathComponent("frontier.svg"), encoding: .utf8)
        #expect(picture.contains(">s: bytes to 90.00% int8 accuracy<"))
        #expect(picture.contains(">t: bytes to 90.00% int8 accuracy<"))
    }
}
