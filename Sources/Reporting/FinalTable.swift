/// The table of all arms at the end of a run, 100 columns at most.
public struct FinalTable: Sendable {
    private let summary: RunSummary
    private let targetAccuracy: Double?
    private let style: TextStyle

    /// Prepares the table.
    ///
    /// - Parameter targetAccuracy: the one that the savings of `summary` were measured at, or nil.
    public init(_ summary: RunSummary, targetAccuracy: Double?, style: TextStyle) {
        self.summary = summary
        self.targetAccuracy = targetAccuracy
        self.style = style
    }

    /// All lines: the heading, one per arm, and a sentence on what the columns of the target mean.
    public var lines: [String] {
        let columns = columns
        let body = summary.arms.map { arm in
            zip(columns, cells(arm)).map { style.apply($1.role, to: $0.cell($1.text)) }
                .joined(separator: TextColumn.separator).trimmingEnd()
        }
        return TextColumn.headings(columns).map { style.apply(.faint, to: $0) } + body + notes
    }

    /// With a private arm, what it spent takes the place of the memory.
    private var showsEpsilon: Bool { summary.arms.contains { $0.epsilon != nil } }

    private var columns: [TextColumn] {
        let longest = summary.arms.map(\.name.count).max() ?? 0
        let target = targetAccuracy.map { "saved at \(HumanUnits.percent($0)) int8" } ?? "saved"
        return [
            TextColumn(group: "", heading: "arm", width: min(max(longest, 3), 13), side: .left),
            TextColumn(group: "", heading: "rounds", width: 6),
            TextColumn(group: "accuracy", heading: "float", width: 6),
            TextColumn(group: "accuracy", heading: "int8", width: 6),
            TextColumn(group: "bytes in all", heading: "up", width: 7),
            TextColumn(group: "bytes in all", heading: "down", width: 7),
            TextColumn(group: target, heading: "round", width: 5),
            TextColumn(group: target, heading: "up", width: 5),
            TextColumn(group: target, heading: "down", width: 5),
            TextColumn(group: target, heading: "total", width: 5),
            TextColumn(group: "", heading: "time", width: 6),
            showsEpsilon
                ? TextColumn(group: "", heading: "ε", width: 7) : TextColumn(group: "", heading: "memory", width: 7),
        ]
    }

    private func cells(_ arm: ArmSummary) -> [(text: String, role: TextStyle.Role?)] {
        let savings = summary.savings.first { $0.arm == arm.name }
        let reached = targetAccuracy.flatMap { arm.cost(ofReaching: $0) }
        return [
            (arm.name, .heading), ("\(arm.rounds)", nil),
            (arm.finalAccuracy.map(HumanUnits.percent) ?? "·", nil),
            (arm.int8Accuracy.map(HumanUnits.percent) ?? "·", .heading),
            (HumanUnits.bytes(arm.wire.upBytes), nil), (HumanUnits.bytes(arm.wire.downBytes), nil),
            (reached.map { "\($0.round)" } ?? "·", nil), ProgressTable.factorCell(savings?.upFactor),
            ProgressTable.factorCell(savings?.downFactor), ProgressTable.factorCell(savings?.totalFactor),
            (HumanUnits.duration(.seconds(arm.wallSeconds)), nil),
            showsEpsilon ? ProgressTable.epsilonCell(arm.epsilon) : (HumanUnits.bytes(arm.peakRSSBytes), .faint),
        ]
    }

    private var notes: [String] { multicast + missedTarget }

    /// What was not done but could be.
    private var multicast: [String] {
        let parts = summary.arms.compactMap { arm in
            arm.multicastDownBytes.map { "\(arm.name) \(HumanUnits.bytes($0))" }
        }
        guard !parts.isEmpty else { return [] }
        var lines = ["Down if equal messages were multicast (computed, not sent):"]
        for (index, part) in parts.enumerated() {
            let item = part + (index == parts.count - 1 ? "." : ",")
            if (lines.last?.count ?? 0) + item.count < 99 {
                lines[lines.count - 1] += " " + item
            } else {
                lines.append("  " + item)
            }
        }
        return lines
    }

    private var missedTarget: [String] {
        guard let targetAccuracy else { return [] }
        let missed = summary.arms.filter { $0.cost(ofReaching: targetAccuracy) == nil }.map(\.name)
        guard !missed.isEmpty else { return [] }
        return [
            "Not reached \(HumanUnits.percent(targetAccuracy)) int8 accuracy: \(missed.joined(separator: ", "))."
        ]
    }
}
