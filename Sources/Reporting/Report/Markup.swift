/// Text and numbers as HTML and SVG take them.
enum Markup {
    /// Text in an element or an attribute in quotes: markup is escaped, control characters are left out.
    static func escape(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            default: if scalar.value >= 32, scalar.value != 127 { result.unicodeScalars.append(scalar) }
            }
        }
        return result
    }

    /// A coordinate with one decimal at most.
    static func number(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e9 else { return "0" }
        let tenths = Int((value * 10).rounded())
        let whole = abs(tenths) / 10
        let rest = abs(tenths) % 10
        return (tenths < 0 ? "-" : "") + (rest == 0 ? "\(whole)" : "\(whole).\(rest)")
    }

    /// A table: the first row holds the headings, the first column those of the rows.
    static func table(_ rows: [[String]], caption: String) -> String {
        guard let head = rows.first else { return "" }
        // The caption stands outside, where it does not scroll away with the table.
        var text = "<p class=\"caption\">\(escape(caption))</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" "
        text += "aria-label=\"\(escape(caption))\"><table><thead><tr>"
        for cell in head { text += "<th scope=\"col\">\(escape(cell))</th>" }
        text += "</tr></thead><tbody>\n"
        for row in rows.dropFirst() {
            text += "<tr>"
            for (index, cell) in row.enumerated() {
                text += index == 0 ? "<th scope=\"row\">\(escape(cell))</th>" : "<td>\(escape(cell))</td>"
            }
            text += "</tr>\n"
        }
        return text + "</tbody></table></div>\n"
    }

    /// A part that is closed until somebody opens it; `content` is markup.
    static func details(_ summary: String, _ content: String) -> String {
        "<details><summary>\(escape(summary))</summary>\n\(content)</details>\n"
    }
}
