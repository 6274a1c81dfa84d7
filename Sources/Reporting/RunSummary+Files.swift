import Foundation

extension RunSummary {
    /// The text of `summary.json`: keys in alphabetical order, two spaces of indentation, a line end.
    ///
    /// - Throws: `ReportingError.invalidSummary` for NaN or an infinite number.
    public func json() throws(ReportingError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        } catch {
            throw .invalidSummary(cause: "\(error)")
        }
    }

    /// Reads the text of a `summary.json`.
    public init(json: some Collection<UInt8>) throws(ReportingError) {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(json))
        } catch {
            throw .invalidSummary(cause: "\(error)")
        }
    }

    /// Writes `summary.json`, `rounds.csv` and `report.html` into a folder, which is made where it is missing.
    public func write(to folder: URL) throws(ReportingError) {
        let files = [
            "summary.json": try json(), "rounds.csv": RoundsCSV.text(arms),
            "report.html": RunReport(self, folder: folder).html(),
        ]
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (name, text) in files {
                try Data(text.utf8).write(to: folder.appendingPathComponent(name), options: .atomic)
            }
        } catch {
            throw .unwritable(path: folder.path, cause: error.localizedDescription)
        }
    }
}
