/// Finds places for labels where they cover neither lines nor each other.
struct LabelRoom {
    struct Box {
        var left: Double
        var right: Double
        var top: Double
        var bottom: Double

        func meets(_ other: Box) -> Bool {
            left < other.right && other.left < right && top < other.bottom && other.top < bottom
        }
    }

    private let bounds: Box
    private var taken: [Box] = []
    private var blocked: [SVGFigure.Point] = []

    init(bounds: Box) { self.bounds = bounds }

    /// Keeps labels off a line.
    mutating func block(_ line: [SVGFigure.Point]) {
        for (a, b) in zip(line, line.dropFirst()) {
            let length = max(abs(b.x - a.x), abs(b.y - a.y))
            for step in 0...max(1, Int(length / 3)) {
                let share = Double(step) / Double(max(1, Int(length / 3)))
                blocked.append(.init(x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y)))
            }
        }
        if line.count == 1 { blocked += line }
    }

    /// The first of some upper left corners that is free, or else the first without a label; it is taken from then on.
    mutating func take(_ corners: [SVGFigure.Point], width: Double, height: Double) -> SVGFigure.Point {
        func box(_ corner: SVGFigure.Point) -> Box {
            Box(left: corner.x, right: corner.x + width, top: corner.y, bottom: corner.y + height)
        }
        let inside = corners.filter { corner in
            let box = box(corner)
            return box.left >= bounds.left && box.right <= bounds.right && box.top >= bounds.top
                && box.bottom <= bounds.bottom && !taken.contains { $0.meets(box) }
        }
        let free = inside.first { corner in
            let box = box(corner)
            return !blocked.contains { $0.x > box.left && $0.x < box.right && $0.y > box.top && $0.y < box.bottom }
        }
        let chosen = free ?? inside.first ?? corners.first ?? .init(x: bounds.left, y: bounds.top)
        taken.append(box(chosen))
        return chosen
    }
}
