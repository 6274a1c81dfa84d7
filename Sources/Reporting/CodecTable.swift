import Foundation

/// The table of what codecs did with updates, one line per row, written as the rows come.
public struct CodecTable: Sendable {
    private let columns: [TextColumn]
    private let style: TextStyle

    /// Prepares the table for rows with these names.
    public init(updates: [String], pipelines: [String], style: TextStyle) {
        func width(_ names: [String], _ range: ClosedRange<Int>) -> Int {
            min(max(names.map(\.count).max() ?? 0, range.lowerBound), range.upperBound)
        }
        columns = [
            TextColumn(group: "", heading: "update", width: width(updates + ["mean of 1000"], 6...24), side: .left),
            TextColumn(group: "", heading: "pipeline", width: width(pipelines, 8...28), side: .left),
            TextColumn(group: "", heading: "parameters", width: 10),
            TextColumn(group: "encoded", heading: "bytes", width: 10),
            TextColumn(group: "encoded", heading: "bits/param", width: 10),
            TextColumn(group: "", heading: "NMSE", width: 9),
            TextColumn(group: "MB/s of float32", heading: "encode", width: 7),
            TextColumn(group: "MB/s of float32", heading: "decode", width: 7),
        ]
        self.style = style
    }

    /// The two lines on top.
    public var headings: [String] { TextColumn.headings(columns).map { style.apply(.faint, to: $0) } }

    /// The line of one row.
    public func line(_ row: CodecRow) -> String {
        text([
            row.update, row.pipeline, "\(row.parameters)", "\(row.bytes)", Self.bits(row.bitsPerParameter),
            Self.nmse(row.nmse), Self.speed(row.encodeMegabytesPerSecond), Self.speed(row.decodeMegabytesPerSecond),
        ])
    }

    /// The mean of each pipeline over the updates, where there are several: of bits, bytes, NMSE and time per byte.
    public func means(_ rows: [CodecRow]) -> [String] {
        var pipelines: [String] = []
        for row in rows where !pipelines.contains(row.pipeline) { pipelines.append(row.pipeline) }
        return pipelines.compactMap { pipeline in
            let rows = rows.filter { $0.pipeline == pipeline }
            guard rows.count > 1 else { return nil }
            func mean(_ value: (CodecRow) -> Double) -> Double {
                rows.reduce(0) { $0 + value($1) } / Double(rows.count)
            }
            let parameters = mean { Double($0.parameters) }
            // Bytes over seconds, so that a slow update counts for the time it takes.
            func speed(_ value: (CodecRow) -> Double) -> Double {
                parameters / mean { Double($0.parameters) / max(value($0), 1e-9) }
            }
            return text([
                "mean of \(rows.count)", pipeline, String(format: "%.0f", parameters),
                String(format: "%.0f", mean { Double($0.bytes) }), Self.bits(mean(\.bitsPerParameter)),
                Self.nmse(mean { $0.nmse ?? .infinity }), Self.speed(speed(\.encodeMegabytesPerSecond)),
                Self.speed(speed(\.decodeMegabytesPerSecond)),
            ])
        }
    }

    private func text(_ cells: [String]) -> String {
        zip(columns, cells).map { $0.cell($1) }.joined(separator: TextColumn.separator).trimmingEnd()
    }

    private static func bits(_ value: Double) -> String { String(format: "%.4f", value) }

    private static func nmse(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "·" }
        return value == 0 ? "0" : String(format: value < 1e-3 ? "%.2e" : "%.5f", value)
    }

    private static func speed(_ value: Double) -> String { String(format: value < 99.95 ? "%.1f" : "%.0f", value) }
}
