/// Rounds from left to right: how long the slowest and the median client took, and below what every client did.
struct TimelineFigure {
    let name: String
    let grid: TimelineGrid
    let width: Double

    private var isNarrow: Bool { width < 500 }
    private var left: Double { isNarrow ? 38 : 46 }
    private var pitch: Double { min((width - left - 4) / Double(grid.columns.count), 18) }
    private var right: Double { left + pitch * Double(grid.columns.count) }
    private static let stripTop = 24.0
    private static let stripBottom = 96.0
    private static let gridTop = 128.0

    private var rowHeight: Double {
        min(max((isNarrow ? 300 : 360) / Double(grid.marks.count), 3), 14)
    }

    func figure() -> SVGFigure {
        let bottom = Self.gridTop + rowHeight * Double(grid.marks.count)
        var figure = SVGFigure(
            width: width, height: bottom + 40, title: "Clients of \(name) by round", description: words)
        strip(&figure)
        tiles(&figure)
        axes(bottom, &figure)
        return figure
    }

    private var words: String {
        let counts = TimelineGrid.Mark.allCases.compactMap { mark in
            grid.counts[mark].map { "\($0) times \(mark.name)" }
        }
        let slowest = HumanUnits.duration(.seconds(grid.columns.map(\.slowest).max() ?? 0))
        return "\(grid.clients) clients over \(grid.rounds) rounds: \(counts.joined(separator: ", ")). "
            + "The slowest client of any round took \(slowest)."
    }

    private func strip(_ figure: inout SVGFigure) {
        let most = max(grid.columns.map(\.slowest).max() ?? 0, 1e-3)
        let axis = FigureAxis(spacing: .linear, domain: 0...most, pixels: (Self.stripBottom, Self.stripTop))
        let what = grid.isOnLinks ? "seconds on the link" : "seconds to answer"
        figure.text(what + ": slowest, median", at: .init(x: 0, y: 12), "soft small")
        for tick in axis.linearTicks(apart: 24, label: Self.seconds) {
            let place = axis.position(tick.value)
            figure.line(.init(x: left, y: place), .init(x: right, y: place), "grid")
            figure.text(tick.label, at: .init(x: left - 6, y: place + 4), "soft small", .end)
        }
        let wide = max(pitch - 1, 1)
        for (index, column) in grid.columns.enumerated() {
            let x = left + pitch * Double(index)
            for (value, style) in [(column.slowest, "ok"), (column.median, "slow")] where value > 0 {
                let top = axis.position(value)
                figure.rectangle(.init(x: x, y: top), width: wide, height: Self.stripBottom - top, style)
            }
        }
    }

    private static func seconds(_ value: Double) -> String {
        value == 0 ? "0" : value < 0.1 ? "\((value * 1000).rounded() / 1000)" : Markup.number(value)
    }

    private func tiles(_ figure: inout SVGFigure) {
        figure.rectangle(
            .init(x: left, y: Self.gridTop), width: right - left, height: rowHeight * Double(grid.marks.count), "wash")
        let gap = rowHeight >= 5 && pitch >= 3 ? 1.0 : 0.5
        for mark in TimelineGrid.Mark.allCases where mark != .idle {
            var corners: [SVGFigure.Point] = []
            for (row, marks) in grid.marks.enumerated() {
                for (column, other) in marks.enumerated() where other == mark {
                    corners.append(
                        .init(x: left + pitch * Double(column), y: Self.gridTop + rowHeight * Double(row)))
                }
            }
            figure.tiles(corners, width: pitch - gap, height: rowHeight - gap, mark.style)
        }
    }

    private func axes(_ bottom: Double, _ figure: inout SVGFigure) {
        figure.text("client", at: .init(x: 0, y: Self.gridTop - 8), "soft small")
        let every = max(1, Int((22 / rowHeight).rounded(.up)))
        for row in stride(from: 0, to: grid.marks.count, by: Self.step(every)) {
            let place = Self.gridTop + rowHeight * (Double(row) + 0.5) + 4
            figure.text("\(grid.clients(ofRow: row).lowerBound)", at: .init(x: left - 6, y: place), "soft small", .end)
        }
        let count = grid.columns.count
        let apart = Self.step(max(1, Int(((isNarrow ? 34 : 44) / pitch).rounded(.up))))
        for column in 0..<count {
            let round = column * grid.rounds / count + 1
            guard count == grid.rounds ? round == 1 || round.isMultiple(of: apart) : column.isMultiple(of: apart)
            else { continue }
            let x = left + pitch * (Double(column) + 0.5)
            figure.text("\(round)", at: .init(x: x, y: bottom + 15), "soft small", .middle)
        }
        figure.text("round", at: .init(x: right, y: bottom + 33), "soft small", .end)
    }

    /// The next of 1, 2, 5, 10, 20, … at or above a number.
    private static func step(_ least: Int) -> Int {
        var magnitude = 1
        while true {
            for digit in [1, 2, 5] where digit * magnitude >= least { return digit * magnitude }
            magnitude *= 10
        }
    }
}
