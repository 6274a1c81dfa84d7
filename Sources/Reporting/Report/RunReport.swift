import Foundation

/// `report.html`: a run as one file that any browser shows, without scripts and without the network.
public struct RunReport: Sendable {
    static let wide = 880.0
    static let narrow = 340.0

    /// What the report is about.
    public let summary: RunSummary
    let timelines: [TimelineGrid?]

    /// Collects what the report shows.
    ///
    /// - Parameter folder: of the run; what clients did is read from `<arm>/clients.csv` in it, where that exists.
    public init(_ summary: RunSummary, folder: URL) {
        self.summary = summary
        timelines = summary.arms.map { arm in
            let file = folder.appendingPathComponent(arm.name).appendingPathComponent("clients.csv")
            return TimelineGrid(file, rounds: arm.rounds, clients: arm.clients)
        }
    }

    /// Reads `summary.json` from a folder of results, and what belongs to it.
    ///
    /// - Throws: `ReportingError.unreadable`, `.invalidSummary`.
    public init(folder: URL) throws(ReportingError) {
        let file = folder.appendingPathComponent("summary.json")
        let data: Data
        do { data = try Data(contentsOf: file) } catch {
            throw .unreadable(path: file.path, cause: error.localizedDescription)
        }
        self.init(try RunSummary(json: data), folder: folder)
    }

    /// Writes `report.html` into a folder.
    public func write(to folder: URL) throws(ReportingError) {
        let file = folder.appendingPathComponent("report.html")
        do { try Data(html().utf8).write(to: file, options: .atomic) } catch {
            throw .unwritable(path: file.path, cause: error.localizedDescription)
        }
    }

    /// The whole page.
    public func html() -> String {
        ReportPage.text(
            title: summary.scenario,
            sections: [
                heading, accuracy, results, bytes, links, devices, timeline, privacy, configuration,
            ])
    }

    var target: Double? { summary.targetAccuracy ?? summary.savings.first?.targetAccuracy }

    func savings(of arm: ArmSummary) -> Savings? { summary.savings.first { $0.arm == arm.name } }
}

/// The frame around the sections of a report.
enum ReportPage {
    /// - Parameter sections: markup, in order.
    static func text(title: String, sections: [String]) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>\(Markup.escape(title)) · Swiftlet</title>
        <style>
        \(FigureStyle.colours)\(FigureStyle.figures)\(FigureStyle.page)</style>
        </head>
        <body>
        <main>
        \(sections.joined(separator: "\n"))</main>
        <footer class="small soft">Bytes are those on the TCP connections: framing, encryption, handshakes and heartbeats
        are included, TCP and IP headers are not; a run in one process counts what they would be on TCP,
        without heartbeats. kB is 1,000 bytes.</footer>
        </body>
        </html>

        """
    }

    /// A drawing at two widths, of which the page shows the one that fits.
    static func figure(_ identifier: String, caption: String = "", _ draw: (Double) -> SVGFigure?) -> String {
        guard let wide = draw(RunReport.wide), let narrow = draw(RunReport.narrow) else { return "" }
        let below = caption.isEmpty ? "" : "<figcaption>\(Markup.escape(caption))</figcaption>"
        return "<figure>\n" + wide.inline(identifier + "-wide", "wide")
            + narrow.inline(identifier + "-narrow", "narrow") + below + "</figure>\n"
    }
}
