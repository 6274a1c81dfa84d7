/// A drawing in pixels: x to the right, y down. Colours come from the classes of `FigureStyle`.
struct SVGFigure {
    /// A place on the drawing.
    struct Point {
        var x: Double
        var y: Double
    }

    /// Where a text is held.
    enum Anchor: String { case start, middle, end }

    let width: Double
    var height: Double
    /// What it is, for those who do not see it.
    let title: String
    /// What it shows.
    let description: String
    private var body = ""

    init(width: Double, height: Double, title: String, description: String) {
        self.width = width
        self.height = height
        self.title = title
        self.description = description
    }

    mutating func line(_ a: Point, _ b: Point, _ style: String) {
        body += "<path class=\"\(style)\" d=\"M\(Self.pair(a))L\(Self.pair(b))\"/>\n"
    }

    mutating func polyline(_ points: [Point], _ style: String) {
        guard let first = points.first else { return }
        body += "<path class=\"\(style)\" d=\"M\(Self.pair(first))"
        for point in points.dropFirst() { body += "L\(Self.pair(point))" }
        body += "\"/>\n"
    }

    /// A rectangle; `tip` is what a pointer that rests on it shows.
    mutating func rectangle(_ corner: Point, width: Double, height: Double, _ style: String, tip: String? = nil) {
        let size = "width=\"\(Markup.number(width))\" height=\"\(Markup.number(height))\""
        body += "<rect class=\"\(style)\" x=\"\(Markup.number(corner.x))\" y=\"\(Markup.number(corner.y))\" \(size)"
        body += Self.end("rect", tip)
    }

    /// Rectangles of one size in a single path: thousands stay small.
    mutating func tiles(_ corners: [Point], width: Double, height: Double, _ style: String) {
        guard !corners.isEmpty else { return }
        let (w, h) = (Markup.number(width), Markup.number(height))
        body += "<path class=\"\(style)\" d=\""
        for corner in corners { body += "M\(Self.pair(corner))h\(w)v\(h)h-\(w)z" }
        body += "\"/>\n"
    }

    mutating func circle(_ centre: Point, radius: Double, _ style: String, tip: String? = nil) {
        body += "<circle class=\"\(style)\" cx=\"\(Markup.number(centre.x))\" cy=\"\(Markup.number(centre.y))\""
        body += " r=\"\(Markup.number(radius))\"" + Self.end("circle", tip)
    }

    mutating func text(_ text: String, at point: Point, _ style: String, _ anchor: Anchor = .start) {
        let place = "x=\"\(Markup.number(point.x))\" y=\"\(Markup.number(point.y))\""
        let side = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
        body += "<text class=\"\(style)\" \(place)\(side)>\(Markup.escape(text))</text>\n"
    }

    /// Puts another drawing so many pixels from the top.
    mutating func place(_ figure: SVGFigure, below top: Double) {
        body += "<g transform=\"translate(0 \(Markup.number(top)))\">\n\(figure.body)</g>\n"
    }

    /// Title and description in one line.
    var summary: String { title + ": " + description }

    /// The drawing inside a page; `identifier` is unique in the page.
    func inline(_ identifier: String, _ style: String) -> String {
        "<svg id=\"\(identifier)\" class=\"\(style)\" \(size) role=\"img\" "
            + "aria-labelledby=\"\(identifier)-t \(identifier)-d\">\n"
            + "<title id=\"\(identifier)-t\">\(Markup.escape(title))</title>"
            + "<desc id=\"\(identifier)-d\">\(Markup.escape(description))</desc>\n\(body)</svg>\n"
    }

    /// The drawing as a file of its own, light and dark like the page.
    var file: String {
        "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) role=\"img\" aria-labelledby=\"t d\">\n"
            + "<title id=\"t\">\(Markup.escape(title))</title><desc id=\"d\">\(Markup.escape(description))</desc>\n"
            + "<style>\n\(FigureStyle.colours)\(FigureStyle.figures)</style>\n"
            + "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n\(body)</svg>\n"
    }

    private var size: String {
        let (w, h) = (Markup.number(width), Markup.number(height))
        return "viewBox=\"0 0 \(w) \(h)\" width=\"\(w)\" height=\"\(h)\""
    }

    private static func pair(_ point: Point) -> String { Markup.number(point.x) + " " + Markup.number(point.y) }

    private static func end(_ name: String, _ tip: String?) -> String {
        tip.map { "><title>\(Markup.escape($0))</title></\(name)>\n" } ?? "/>\n"
    }

    /// About how wide a text of 12 pixels is.
    static func width(of text: String, size: Double = 12) -> Double { Double(text.count) * size * 0.56 }
}
