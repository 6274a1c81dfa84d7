import Foundation

/// Several comparisons side by side: one picture, and one table in Markdown, for a page that shows them all.
public struct FrontierOverview: Sendable {
    private let comparisons: [Comparison]

    /// Takes the comparisons in the order in which they are shown.
    public init(_ comparisons: [Comparison]) {
        self.comparisons = comparisons
    }

    /// Writes `frontier.svg` and `frontier.md`.
    public func write(to folder: URL) throws(ReportingError) {
        do {
            try Data(markdown.utf8).write(to: folder.appendingPathComponent("frontier.md"), options: .atomic)
            guard let figure else { return }
            try Data(figure.file.utf8).write(to: folder.appendingPathComponent("frontier.svg"), options: .atomic)
        } catch {
            throw .unwritable(path: folder.path, cause: error.localizedDescription)
        }
    }

    /// A table of methods by scenarios: bytes of both ways, rounds, and how many times fewer bytes than the first method.
    public var markdown: String {
        let titles = comparisons.map { "\($0.scenario), \(HumanUnits.percent($0.targetAccuracy))" }
        var rows = [["method"] + titles, ["---"] + titles.map { _ in "---:" }]
        for name in names { rows.append(["`\(name)`"] + comparisons.map { cell(name, in: $0) }) }
        let table = rows.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
        return table + "\n\n" + legend + "\n"
    }

    private var legend: String {
        let first = comparisons.first?.methods.first?.name ?? ""
        return "Bytes of both ways, round of the target, how many times fewer bytes than \(first); medians over the "
            + "seeds, of which a method with a star has one. Of methods that miss the target their best accuracy."
    }

    /// Methods by the sum of their places.
    private var names: [String] {
        var places: [String: Int] = [:]
        var order: [String] = []
        for comparison in comparisons {
            for (place, method) in comparison.ranked.enumerated() {
                if places[method.name] == nil { order.append(method.name) }
                places[method.name, default: 0] += place
            }
        }
        let known = order.enumerated().sorted { a, b in
            let (left, right) = (places[a.element] ?? 0, places[b.element] ?? 0)
            return left == right ? a.offset < b.offset : left < right
        }
        return known.map(\.element)
    }

    private func cell(_ name: String, in comparison: Comparison) -> String {
        guard let method = comparison.methods.first(where: { $0.name == name }) else { return "" }
        let star = method.cells.count == 1 && comparison.methods.contains { $0.cells.count > 1 } ? "\\*" : ""
        guard let total = method.median(\.totalBytes), let round = method.median(\.round) else {
            let best = method.cells.compactMap(\.bestAccuracy).max().map(HumanUnits.percent) ?? "?"
            return "\(best) at best\(star)"
        }
        let factor = comparison.medianFactor(method, \.totalBytes).map { ", " + HumanUnits.factor($0) } ?? ""
        return "\(HumanUnits.bytes(total)), \(round)\(factor)\(star)"
    }

    private static let gap = 34.0

    private var figure: SVGFigure? {
        let parts = comparisons.compactMap { FrontierFigure(comparison: $0, width: RunReport.wide).figure() }
        guard !parts.isEmpty else { return nil }
        var all = SVGFigure(
            width: RunReport.wide, height: parts.reduce(-Self.gap) { $0 + $1.height + Self.gap },
            title: "Bytes to a target accuracy", description: parts.map(\.summary).joined(separator: " "))
        var top = 0.0
        for part in parts {
            all.place(part, below: top)
            top += part.height + Self.gap
        }
        return all
    }
}
