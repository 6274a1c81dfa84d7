/// Bytes to the target by method, fewest on top: a dot at the median of both ways together, a tick for every seed, and
/// triangles for what went up and down.
struct FrontierFigure {
    let comparison: Comparison
    let width: Double

    private var isNarrow: Bool { width < 500 }
    private var rowHeight: Double { isNarrow ? 44 : 30 }
    private static let top = 44.0

    func figure() -> SVGFigure? {
        let methods = comparison.ranked
        let reached = methods.flatMap(\.cells).flatMap { [$0.upBytes, $0.downBytes, $0.totalBytes] }
            .compactMap { $0 }.map(Double.init)
        guard let least = reached.min(), let most = reached.max() else { return nil }
        // Some fonts are wider than the estimate, and a name that is cut off helps nobody.
        let names = 1.15 * (methods.map { SVGFigure.width(of: $0.name, size: 13.5) }.max() ?? 0)
        let x = FigureAxis.bytes(
            logarithmic: least...most, pixels: (isNarrow ? 8 : names + 16, width - (isNarrow ? 24 : 130)))
        let bottom = Self.top + rowHeight * Double(methods.count)
        var figure = SVGFigure(
            width: width, height: bottom + 30,
            title: "Bytes to \(HumanUnits.percent(comparison.targetAccuracy)) int8 accuracy on \(comparison.scenario)",
            description: words)
        figure.text(
            "\(comparison.scenario): bytes to \(HumanUnits.percent(comparison.targetAccuracy)) int8 accuracy",
            at: .init(x: 0, y: 14), "small strong")
        figure.text("● both ways, median · │ each seed · △ up · ▽ down", at: .init(x: 0, y: 31), "soft small")
        for tick in x.byteTicks(apart: isNarrow ? 48 : 64) {
            let place = x.position(tick.value)
            figure.line(.init(x: place, y: Self.top), .init(x: place, y: bottom), "grid")
            figure.text(tick.label, at: .init(x: place, y: bottom + 17), "soft small", .middle)
        }
        for (row, method) in methods.enumerated() {
            draw(method, y: Self.top + rowHeight * Double(row), x, into: &figure)
        }
        return figure
    }

    private func draw(_ method: Comparison.Method, y top: Double, _ x: FigureAxis, into figure: inout SVGFigure) {
        let index = comparison.methods.firstIndex { $0.name == method.name } ?? 0
        let style = FigureStyle.series(index)
        let y = top + (isNarrow ? 30 : rowHeight / 2)
        let name = SVGFigure.Point(x: isNarrow ? 0 : x.pixels.0 - 12, y: isNarrow ? top + 15 : y + 4)
        figure.text(method.name, at: name, "own halo " + style, isNarrow ? .start : .end)
        guard let total = method.median(\.totalBytes) else {
            let best = method.cells.compactMap(\.bestAccuracy).max().map(HumanUnits.percent) ?? "?"
            let place = SVGFigure.Point(x: isNarrow ? 4 : x.pixels.0 + 4, y: y + 4)
            figure.text("not reached; best \(best)", at: place, "soft small halo")
            return
        }
        let each = method.cells.compactMap(\.totalBytes).map { x.position(Double($0)) }
        if let left = each.min(), let right = each.max() {
            figure.line(.init(x: left, y: y), .init(x: right, y: y), "thin " + style)
        }
        for place in each { figure.line(.init(x: place, y: y - 6), .init(x: place, y: y + 6), "thin " + style) }
        if let up = method.median(\.upBytes) { triangle(x.position(Double(up)), y, points: -1, style, &figure) }
        if let down = method.median(\.downBytes) { triangle(x.position(Double(down)), y, points: 1, style, &figure) }
        let dot = SVGFigure.Point(x: x.position(Double(total)), y: y)
        figure.circle(dot, radius: 5.5, "dot " + style, tip: "\(method.name): \(method.detail)")
        let factor = comparison.medianFactor(method, \.totalBytes).map { " · " + HumanUnits.factor($0) } ?? ""
        let text = HumanUnits.bytes(total) + factor
        if isNarrow {
            figure.text(text, at: .init(x: width, y: top + 15), "small halo", .end)
        } else {
            let edge = max(each.max() ?? dot.x, dot.x) + 10
            figure.text(text, at: .init(x: edge, y: y + 4), "small halo")
        }
    }

    private func triangle(_ x: Double, _ y: Double, points side: Double, _ style: String, _ figure: inout SVGFigure) {
        figure.polyline(
            [(-4.5, -3.5), (4.5, -3.5), (0, 4.5), (-4.5, -3.5)].map { .init(x: x + $0.0, y: y + $0.1 * side) },
            "mark " + style)
    }

    private var words: String {
        comparison.ranked.map { method in
            guard let total = method.median(\.totalBytes) else { return "\(method.name): not reached" }
            let factor = comparison.medianFactor(method, \.totalBytes).map(HumanUnits.factor) ?? "?"
            return "\(method.name): \(HumanUnits.bytes(total)), \(factor) fewer"
        }.joined(separator: "; ") + "."
    }
}
