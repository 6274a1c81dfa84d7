/// Accuracy against all bytes so far, one curve per arm, with the target and where each curve crosses it.
struct AccuracyFigure {
    /// One curve.
    struct Series {
        /// A round that was evaluated.
        struct Point {
            var round: Int
            var byteCount: Int
            var accuracy: Double
        }

        var name: String
        /// Which colour it has.
        var index: Int
        var points: [Point]
        /// Where the target was reached.
        var crossing: Point?
        /// What stands below the name at the end of the curve.
        var note: String?
    }

    let series: [Series]
    let target: Double?
    let width: Double

    init(_ series: [Series], target: Double?, width: Double) {
        self.series = series.filter { !$0.points.isEmpty }
        self.target = target
        self.width = width
    }

    private var isNarrow: Bool { width < 500 }
    private var isCrowded: Bool { series.count > 6 }
    private var height: Double { isNarrow ? (isCrowded ? 460 : 330) : (isCrowded ? 520 : 440) }

    /// The drawing; nil when nothing was evaluated.
    func figure() -> SVGFigure? {
        let points = series.flatMap(\.points)
        guard let first = points.first else { return nil }
        let bytes = points.map { Double($0.byteCount) }
        let accuracies = points.map(\.accuracy) + (target.map { [$0] } ?? [])
        let right = isNarrow ? 18.0 : min(30 + (series.map { SVGFigure.width(of: $0.name) }.max() ?? 0), 150)
        let x = FigureAxis.bytes(
            logarithmic: (bytes.min() ?? 1)...(bytes.max() ?? 1), pixels: (isNarrow ? 40 : 52, width - right))
        let y = FigureAxis.accuracy(
            (accuracies.min() ?? first.accuracy)...(accuracies.max() ?? first.accuracy), pixels: (height - 46, 26))
        var figure = SVGFigure(
            width: width, height: height, title: "Accuracy against bytes", description: words)
        draw(axes: x, y, into: &figure)
        draw(target: y, x, into: &figure)
        for one in series { draw(one, x, y, into: &figure) }
        label(x, y, into: &figure)
        return figure
    }

    private var words: String {
        let each = series.map { one in
            let end = one.points.last.map {
                "ends at \(HumanUnits.percent($0.accuracy)) after \(HumanUnits.bytes($0.byteCount))"
            }
            let reached = one.crossing.map { "reaches the target after \(HumanUnits.bytes($0.byteCount))" }
            return one.name + " " + [reached, end].compactMap { $0 }.joined(separator: " and ")
        }
        return "Accuracy of the int8 model against all bytes both ways, on a logarithmic axis. "
            + each.joined(separator: "; ") + "."
    }

    private func draw(axes x: FigureAxis, _ y: FigureAxis, into figure: inout SVGFigure) {
        for tick in y.accuracyTicks() {
            let place = y.position(tick.value)
            figure.line(.init(x: x.pixels.0, y: place), .init(x: x.pixels.1, y: place), "grid")
            figure.text(tick.label, at: .init(x: x.pixels.0 - 6, y: place + 4), "soft small", .end)
        }
        for tick in x.byteTicks(apart: isNarrow ? 48 : 56) {
            let place = x.position(tick.value)
            figure.line(.init(x: place, y: y.pixels.0), .init(x: place, y: y.pixels.0 + 5), "axis")
            figure.text(tick.label, at: .init(x: place, y: y.pixels.0 + 18), "soft small", .middle)
        }
        figure.line(.init(x: x.pixels.0, y: y.pixels.0), .init(x: x.pixels.1, y: y.pixels.0), "axis")
        let spaced = y.spacing == .error ? ", spaced by error" : ""
        figure.text("int8 accuracy\(spaced)", at: .init(x: 0, y: 12), "soft small")
        figure.text(
            "bytes both ways, logarithmic", at: .init(x: x.pixels.1, y: y.pixels.0 + 38), "soft small", .end)
    }

    private func draw(target y: FigureAxis, _ x: FigureAxis, into figure: inout SVGFigure) {
        guard let target else { return }
        let place = y.position(target)
        figure.line(.init(x: x.pixels.0, y: place), .init(x: x.pixels.1, y: place), "target")
    }

    private func draw(_ one: Series, _ x: FigureAxis, _ y: FigureAxis, into figure: inout SVGFigure) {
        let style = FigureStyle.series(one.index)
        func place(_ point: Series.Point) -> SVGFigure.Point {
            .init(x: x.position(Double(point.byteCount)), y: y.position(point.accuracy))
        }
        figure.polyline(one.points.map(place), "curve " + style)
        if one.points.count <= 40 {
            for point in one.points { figure.circle(place(point), radius: 2, "dot " + style) }
        }
        guard let crossing = one.crossing else { return }
        let spot = place(crossing)
        if !isCrowded { figure.line(spot, .init(x: spot.x, y: y.pixels.0), "drop " + style) }
        figure.circle(
            spot, radius: 5, "ring " + style,
            tip: "\(one.name): \(HumanUnits.bytes(crossing.byteCount)), round \(crossing.round)")
    }

    /// Names at the ends of their curves, where they cover neither a curve nor each other.
    private func label(_ x: FigureAxis, _ y: FigureAxis, into figure: inout SVGFigure) {
        var room = LabelRoom(bounds: .init(left: x.pixels.0, right: width, top: 14, bottom: y.pixels.0))
        for one in series {
            room.block(
                one.points.map { .init(x: x.position(Double($0.byteCount)), y: y.position($0.accuracy)) })
        }
        if let target {
            let text = "target " + Self.short(target)
            let wide = SVGFigure.width(of: text) + 4
            let place = y.position(target)
            let spots = [x.pixels.0 + 4, x.pixels.1 - wide].flatMap { left in
                [place - 19, place + 3].map { SVGFigure.Point(x: left, y: $0) }
            }
            let spot = room.take(spots, width: wide, height: 15)
            figure.text(text, at: .init(x: spot.x, y: spot.y + 12), "small strong halo")
            room.block([.init(x: x.pixels.0, y: place), .init(x: x.pixels.1, y: place)])
        }
        for one in series {
            guard let last = one.points.last else { continue }
            let note = isNarrow || isCrowded ? nil : one.note
            let wide = max(SVGFigure.width(of: one.name, size: 13), SVGFigure.width(of: note ?? "", size: 11)) + 2
            let tall = note == nil ? 15.0 : 29
            let end = SVGFigure.Point(x: x.position(Double(last.byteCount)), y: y.position(last.accuracy))
            let spots = Self.spots(around: end, width: wide, height: tall)
            let spot = room.take(spots, width: wide, height: tall)
            let style = "own halo " + FigureStyle.series(one.index)
            figure.text(one.name, at: .init(x: spot.x, y: spot.y + 12), style)
            if let note { figure.text(note, at: .init(x: spot.x, y: spot.y + 26), "soft small halo") }
        }
    }

    /// Upper left corners of a label around the end of a curve, the nearest first.
    private static func spots(around end: SVGFigure.Point, width: Double, height: Double) -> [SVGFigure.Point] {
        var spots: [SVGFigure.Point] = []
        for step in stride(from: 0.0, through: 90, by: 3) {
            let above = end.y - height - 4 - step
            spots.append(.init(x: end.x + 8, y: end.y - 9 - step))
            spots.append(.init(x: end.x + 8, y: end.y - 9 + step))
            spots.append(.init(x: end.x - width / 2, y: above))
            spots.append(.init(x: end.x - width - 4, y: above))
        }
        return spots
    }

    private static func short(_ accuracy: Double) -> String { Markup.number(accuracy * 100) + "\u{a0}%" }
}

extension AccuracyFigure.Series {
    /// The curve of an arm.
    init(_ arm: ArmSummary, index: Int, target: Double?, factor: Double? = nil) {
        var total = 0
        var points: [Point] = []
        for log in arm.roundsLog {
            total += log.byteCount.total
            if let accuracy = log.int8Accuracy {
                points.append(Point(round: log.round, byteCount: total, accuracy: accuracy))
            }
        }
        let crossing = target.flatMap { target in points.first { $0.accuracy >= target } }
        let saved = factor.map { ", " + HumanUnits.factor($0) + " less" } ?? ""
        self.init(
            name: arm.name, index: index, points: points, crossing: crossing,
            note: crossing.map { HumanUnits.bytes($0.byteCount) + " to target" + saved })
    }
}
