/// Whether text carries colour.
public enum TextStyle: Hashable, Sendable {
    case plain, coloured

    /// Colour on a terminal only, and not where `NO_COLOR` is set to anything (no-color.org) or `TERM` is `dumb`.
    public init(isTerminal: Bool, environment: [String: String]) {
        let refused = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        self = isTerminal && !refused && environment["TERM"] != "dumb" ? .coloured : .plain
    }

    enum Role: String {
        case heading = "1"
        case faint = "2"
        case good = "32"
        case bad = "31"
        case warning = "33"
    }

    func apply(_ role: Role?, to text: String) -> String {
        guard self == .coloured, let role, text.contains(where: { $0 != " " }) else { return text }
        return "\u{1b}[\(role.rawValue)m\(text)\u{1b}[0m"
    }
}
