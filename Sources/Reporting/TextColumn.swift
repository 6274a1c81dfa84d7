/// A column of a table: a heading, a width and a side.
struct TextColumn {
    enum Side { case left, right }

    let group: String
    let heading: String
    let width: Int
    var side = Side.right

    /// The text in exactly `width` characters; what does not fit is cut and ends in `…`.
    func cell(_ text: String) -> String { Self.fit(text, width, side) }

    static func fit(_ text: String, _ width: Int, _ side: Side) -> String {
        guard text.count <= width else { return String(text.prefix(max(width - 1, 0))) + "…" }
        let padding = String(repeating: " ", count: width - text.count)
        return side == .left ? text + padding : padding + text
    }

    /// Two heading lines: the groups, each over its columns, and the headings.
    static func headings(_ columns: [TextColumn]) -> [String] {
        var groups = ""
        var index = 0
        while index < columns.count {
            let end = columns[index...].firstIndex { $0.group != columns[index].group } ?? columns.count
            let width = columns[index..<end].reduce((end - index - 1) * separator.count) { $0 + $1.width }
            groups += (index > 0 ? separator : "") + rule(columns[index].group, width)
            index = end
        }
        return [groups.trimmingEnd(), columns.map { $0.cell($0.heading) }.joined(separator: separator)]
    }

    /// `── name ──` over a group of columns; blank where the group has no name.
    private static func rule(_ name: String, _ width: Int) -> String {
        guard !name.isEmpty else { return String(repeating: " ", count: width) }
        guard width >= name.count + 4 else { return fit(name, width, .right) }
        let room = width - name.count - 2
        let left = String(repeating: "─", count: room / 2)
        return fit(left + " " + name + " " + String(repeating: "─", count: room - room / 2), width, .left)
    }

    static let separator = "  "
}

extension String {
    func trimmingEnd() -> String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
