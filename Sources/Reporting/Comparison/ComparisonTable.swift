/// The table of a comparison, one line per method, fewest bytes first; medians over the seeds, then every seed.
public struct ComparisonTable: Sendable {
    private let comparison: Comparison
    private let style: TextStyle

    /// Prepares the table.
    public init(_ comparison: Comparison, style: TextStyle) {
        self.comparison = comparison
        self.style = style
    }

    /// All lines.
    public var lines: [String] {
        let columns = columns
        let body = comparison.ranked.map { method in
            zip(columns, cells(method)).map { style.apply($1.role, to: $0.cell($1.text)) }
                .joined(separator: TextColumn.separator).trimmingEnd()
        }
        let title = "\(comparison.scenario): bytes to \(HumanUnits.percent(comparison.targetAccuracy)) int8 accuracy"
        return [style.apply(.heading, to: title)] + TextColumn.headings(columns).map { style.apply(.faint, to: $0) }
            + body + notes
    }

    private var hasLinks: Bool { comparison.methods.contains { $0.cells.contains { $0.linkSeconds != nil } } }

    private var mostSeeds: Int { comparison.methods.map(\.cells.count).max() ?? 0 }

    private var columns: [TextColumn] {
        let longest = comparison.methods.map(\.name.count).max() ?? 0
        let first = comparison.methods.first?.name ?? ""
        var columns = [
            TextColumn(group: "", heading: "method", width: min(max(longest, 6), 18), side: .left),
            TextColumn(group: "median to the target", heading: "round", width: 5),
            TextColumn(group: "median to the target", heading: "up", width: 7),
            TextColumn(group: "median to the target", heading: "down", width: 7),
            TextColumn(group: "median to the target", heading: "total", width: 7),
            TextColumn(group: "fewer than \(first)", heading: "up", width: 5),
            TextColumn(group: "fewer than \(first)", heading: "down", width: 5),
            TextColumn(group: "fewer than \(first)", heading: "total", width: 5),
        ]
        if hasLinks { columns.append(TextColumn(group: "", heading: "on link", width: 7)) }
        if mostSeeds > 1 {
            columns.append(TextColumn(group: "", heading: "each seed", width: max(9, 6 * mostSeeds - 1), side: .left))
        }
        return columns
    }

    private func cells(_ method: Comparison.Method) -> [(text: String, role: TextStyle.Role?)] {
        func bytes(_ value: (Comparison.Cell) -> Int?) -> (String, TextStyle.Role?) {
            (method.median(value).map(HumanUnits.bytes) ?? "·", nil)
        }
        func factor(_ value: (Comparison.Cell) -> Int?) -> (text: String, role: TextStyle.Role?) {
            ProgressTable.factorCell(comparison.medianFactor(method, value))
        }
        var cells: [(text: String, role: TextStyle.Role?)] = [
            (method.name, .heading), (method.median(\.round).map { "\($0)" } ?? "·", nil), bytes(\.upBytes),
            bytes(\.downBytes), bytes(\.totalBytes), factor(\.upBytes), factor(\.downBytes), factor(\.totalBytes),
        ]
        if hasLinks {
            let seconds = method.median(\.linkSeconds)
            cells.append((seconds.map { HumanUnits.duration(.seconds($0)) } ?? "·", nil))
        }
        if mostSeeds > 1 {
            let each = comparison.factors(method, \.totalBytes).map { TextColumn.fit(Self.factor($0), 5, .right) }
            cells.append((each.joined(separator: " "), .faint))
        }
        return cells
    }

    private static func factor(_ value: Double?) -> String { value.map(HumanUnits.factor) ?? "·" }

    private var notes: [String] {
        comparison.ranked.compactMap { method in
            let missed = method.cells.filter { $0.round == nil }
            guard !missed.isEmpty else { return nil }
            let each = missed.map { cell in
                "seed \(cell.seed) came to \(cell.bestAccuracy.map(HumanUnits.percent) ?? "?") in \(cell.rounds) rounds"
            }
            return "\(method.name) missed the target: \(each.joined(separator: ", "))."
        }
    }
}
