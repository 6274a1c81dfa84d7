/// The bytes of every arm by direction and purpose: stacked bars over one linear axis, or shares of each direction.
struct BytesFigure {
    /// What bytes are for, in the order of the stack.
    enum Purpose: CaseIterable {
        case payload, control, connection

        init(_ kind: WireKind) {
            switch kind {
            case .updatePayload, .modelPayload: self = .payload
            case .handshake, .heartbeat: self = .connection
            default: self = .control
            }
        }

        var style: String {
            switch self {
            case .payload: "pay"
            case .control: "head"
            case .connection: "rest"
            }
        }

        var name: String {
            switch self {
            case .payload: "updates and models"
            case .control: "messages around them"
            case .connection: "handshakes and heartbeats"
            }
        }
    }

    /// The bars of one arm.
    struct Bars {
        var name: String
        var index: Int
        var up: [Int]
        var down: [Int]

        init(_ arm: ArmSummary, index: Int) {
            name = arm.name
            self.index = index
            up = Self.sums(arm.wire.upByKind)
            down = Self.sums(arm.wire.byKind.merging(arm.wire.upByKind) { $0 - $1 })
        }

        private static func sums(_ kinds: [WireKind: Int]) -> [Int] {
            Purpose.allCases.map { purpose in
                kinds.reduce(0) { $0 + (Purpose($1.key) == purpose ? $1.value : 0) }
            }
        }
    }

    /// What the length of a bar is.
    enum Measure { case bytes, share }

    let bars: [Bars]
    let measure: Measure
    let width: Double

    init(_ arms: [ArmSummary], _ measure: Measure, width: Double) {
        bars = arms.enumerated().map { Bars($1, index: $0) }
        self.measure = measure
        self.width = width
    }

    private static let rowHeight = 62.0
    private static let barHeight = 15.0
    private var isNarrow: Bool { width < 500 }

    func figure() -> SVGFigure {
        let bottom = Double(bars.count) * Self.rowHeight + 4
        var figure = SVGFigure(
            width: width, height: bottom + (measure == .bytes ? 26 : 2), title: title, description: words)
        let longest = bars.flatMap { [$0.up.reduce(0, +), $0.down.reduce(0, +)] }.max() ?? 1
        let axis = FigureAxis(
            spacing: .linear, domain: 0...(measure == .bytes ? Double(max(longest, 1)) : 1),
            pixels: (isNarrow ? 38 : 46, width - (measure == .bytes ? (isNarrow ? 62 : 80) : 4)))
        if measure == .bytes {
            for tick in axis.byteTicks(apart: isNarrow ? 70 : 110) {
                let place = axis.position(tick.value)
                figure.line(.init(x: place, y: 18), .init(x: place, y: bottom), "grid")
                figure.text(tick.label, at: .init(x: place, y: bottom + 16), "soft small", .middle)
            }
        }
        for (row, arm) in bars.enumerated() {
            let top = Double(row) * Self.rowHeight
            figure.text(arm.name, at: .init(x: 0, y: top + 13), "own halo " + FigureStyle.series(arm.index))
            draw(arm.up, "up", y: top + 19, axis, into: &figure)
            draw(arm.down, "down", y: top + 19 + Self.barHeight + 3, axis, into: &figure)
        }
        return figure
    }

    private func draw(_ parts: [Int], _ side: String, y: Double, _ axis: FigureAxis, into figure: inout SVGFigure) {
        let sum = parts.reduce(0, +)
        figure.text(side, at: .init(x: axis.pixels.0 - 6, y: y + 12), "soft small", .end)
        guard sum > 0 else { return }
        var before = 0
        func value(_ bytes: Int) -> Double { measure == .bytes ? Double(bytes) : Double(bytes) / Double(sum) }
        for (purpose, part) in zip(Purpose.allCases, parts) where part > 0 {
            let left = axis.position(value(before))
            let right = axis.position(value(before + part))
            before += part
            figure.rectangle(
                .init(x: left, y: y), width: max(right - left, 0.5), height: Self.barHeight, purpose.style,
                tip: "\(purpose.name) \(side): \(HumanUnits.bytes(part))")
            let text = Self.percent(part, of: sum)
            if measure == .share, right - left > SVGFigure.width(of: text, size: 11) + 8 {
                figure.text(text, at: .init(x: left + 5, y: y + 11.5), "on")
            }
        }
        guard measure == .bytes else { return }
        figure.text(
            HumanUnits.bytes(sum), at: .init(x: axis.position(Double(sum)) + 5, y: y + 12), "small halo")
    }

    private static func percent(_ part: Int, of sum: Int) -> String {
        let share = Double(part) / Double(sum)
        return share > 0.995 && share < 1 ? ">99\u{a0}%" : Markup.number((share * 100).rounded()) + "\u{a0}%"
    }

    private var title: String { measure == .bytes ? "Bytes up and down" : "What the bytes were for" }

    private var words: String {
        let each = bars.map { arm in
            let sides = [("up", arm.up), ("down", arm.down)].map { side, parts in
                let sum = parts.reduce(0, +)
                let parts = zip(Purpose.allCases, parts).filter { $0.1 > 0 }.map {
                    "\(Self.percent($0.1, of: sum)) \($0.0.name)"
                }
                return "\(HumanUnits.bytes(sum)) \(side) (\(parts.joined(separator: ", ")))"
            }
            return "\(arm.name): \(sides.joined(separator: ", "))"
        }
        return each.joined(separator: "; ") + "."
    }

    /// What the colours mean, as a list.
    static var key: String {
        let entries = Purpose.allCases.map { purpose in
            "<li>\(Self.swatch(purpose.style))\(Markup.escape(purpose.name))</li>"
        }
        return "<ul class=\"key\">\(entries.joined())</ul>\n"
    }

    /// A square of a colour.
    static func swatch(_ style: String) -> String {
        "<svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"\(style)\" width=\"10\" height=\"10\"/></svg>"
    }
}
