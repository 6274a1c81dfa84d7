import Foundation

/// The pictures and the page of a comparison.
public struct ComparisonReport: Sendable {
    private let comparison: Comparison
    /// For every method the run with the seed whose total is the median.
    private let curves: [ArmSummary]

    /// Takes a comparison and the run of every method that is to be drawn as a curve, in the order of the methods.
    public init(_ comparison: Comparison, curves: [ArmSummary]) {
        self.comparison = comparison
        self.curves = curves
    }

    /// Writes `comparison.json`, `report.html`, `frontier.svg` and `curves.svg`.
    public func write(to folder: URL) throws(ReportingError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            var files = ["comparison.json": try encoder.encode(comparison), "report.html": Data(html.utf8)]
            files["frontier.svg"] = frontier(RunReport.wide).map { Data($0.file.utf8) }
            files["curves.svg"] = accuracy(RunReport.wide).map { Data($0.file.utf8) }
            for (name, data) in files {
                try data.write(to: folder.appendingPathComponent(name), options: .atomic)
            }
        } catch {
            throw .unwritable(path: folder.path, cause: error.localizedDescription)
        }
    }

    /// The whole page.
    public var html: String {
        ReportPage.text(
            title: comparison.scenario + ", compared",
            sections: [
                heading, "<h2>Bytes to the target</h2>\n" + ReportPage.figure("frontier", frontier) + table,
                "<h2>Accuracy against bytes</h2>\n"
                    + ReportPage.figure(
                        "curves", caption: "For every method the seed whose bytes to the target are the median.",
                        accuracy),
                cells,
            ])
    }

    private func frontier(_ width: Double) -> SVGFigure? {
        FrontierFigure(comparison: comparison, width: width).figure()
    }

    private func accuracy(_ width: Double) -> SVGFigure? {
        let target = comparison.targetAccuracy
        let series = curves.enumerated().map { AccuracyFigure.Series($1, index: $0, target: target) }
        return AccuracyFigure(series, target: target, width: width).figure()
    }

    private var heading: String {
        let seeds = comparison.methods.first?.cells.map { "\($0.seed)" } ?? []
        let facts = [
            "\(comparison.methods.count) methods",
            (seeds.count == 1 ? "seed " : "seeds ") + seeds.joined(separator: ", "),
            HumanUnits.duration(.seconds(comparison.methods.flatMap(\.cells).reduce(0) { $0 + $1.wallSeconds }))
                + " of runs",
        ]
        var text = "<h1>\(Markup.escape(comparison.scenario)), compared</h1>\n"
        text += "<p class=\"soft\">\(Markup.escape(facts.joined(separator: " · ")))</p>\n"
        if let best = comparison.ranked.first, let total = best.median(\.totalBytes),
            let factor = comparison.medianFactor(best, \.totalBytes), let first = comparison.methods.first
        {
            let sentence =
                "\(best.name) needs the fewest bytes to \(HumanUnits.percent(comparison.targetAccuracy)): "
                + "\(HumanUnits.bytes(total)), \(HumanUnits.factor(factor)) fewer than \(first.name)."
            text += "<p class=\"lead\">\(Markup.escape(sentence))</p>\n"
        }
        return text
    }

    private var table: String {
        let head = ["method", "round", "up", "down", "total", "fewer up", "fewer down", "fewer in all", "each seed"]
        let rows = comparison.ranked.map(row)
        return Markup.table(
            [head] + rows, caption: "Medians over the seeds; a seed that missed the target counts as worst")
    }

    private func row(_ method: Comparison.Method) -> [String] {
        let values: [(Comparison.Cell) -> Int?] = [\.upBytes, \.downBytes, \.totalBytes]
        var row = [method.name, method.median(\.round).map { "\($0)" } ?? "–"]
        for value in values { row.append(method.median(value).map(HumanUnits.bytes) ?? "–") }
        for value in values { row.append(comparison.medianFactor(method, value).map(HumanUnits.factor) ?? "–") }
        let each = comparison.factors(method, \.totalBytes).map { $0.map(HumanUnits.factor) ?? "–" }
        row.append(each.joined(separator: "  "))
        return row
    }

    private var cells: String {
        var rows = [
            ["method", "seed", "round", "up", "down", "best int8", "rounds run", "time", "configuration", "how"]
        ]
        for method in comparison.methods {
            for cell in method.cells {
                rows.append([
                    method.name, "\(cell.seed)", cell.round.map { "\($0)" } ?? "–",
                    cell.upBytes.map(HumanUnits.bytes) ?? "–", cell.downBytes.map(HumanUnits.bytes) ?? "–",
                    RunReport.percent(cell.bestAccuracy), "\(cell.rounds)",
                    HumanUnits.duration(.seconds(cell.wallSeconds)), String(cell.configurationHash.prefix(16)),
                    method.detail,
                ])
            }
        }
        return "<h2>Every run</h2>\n" + Markup.table(rows, caption: "Each with all settings in its own summary.json")
    }
}
