import Foundation

/// Where the labels or client ids of a table are.
enum CSVColumn {
    /// A column of the table, by the name in its header.
    case named(String)
    /// A column of the table, counted from 0; −1 is the last.
    case index(Int)
    /// A file of its own with one value per line.
    case file(String)

    /// Reads the setting: a path that ends in `.csv` or `.csv.gz`, a whole number, or else a name.
    init(_ setting: String) {
        if setting.hasSuffix(".csv") || setting.hasSuffix(".csv.gz") {
            self = .file(setting)
        } else if let index = Int(setting) {
            self = .index(index)
        } else {
            self = .named(setting)
        }
    }
}

/// The rows of a CSV file: numbers, and the label and client columns apart from them.
struct CSVTable {
    let path: String
    /// Numbers per row.
    let featureCount: Int
    /// Row-major, `[rows, featureCount]`, scaled and shifted; every value is finite.
    let features: [Float]
    /// The label column, if it is in this file.
    let labels: CategoryColumn?
    /// The client column, if it is in this file.
    let clients: CategoryColumn?

    /// Number of rows.
    var rowCount: Int { features.count / featureCount }

    /// Reads a table; without labels all columns are numbers.
    ///
    /// The first line is a header when a column is given by name, or else when any of its feature fields is no number.
    init(
        _ scanner: CSVScanner, labels: (CSVColumn, CategoryColumn)?, clients: (CSVColumn, CategoryColumn)? = nil,
        scale: Float = 1, shift: Float = 0
    ) throws(DatasetError) {
        guard !scanner.isAtEnd else { throw scanner.malformed(column: 1, "the file holds no rows") }
        var lookahead = scanner
        let first = try lookahead.row()
        var (labelColumn, clientColumn): (Int?, Int?)
        if let labels { labelColumn = try Self.locate(labels.0, in: first, scanner) }
        if let clients { clientColumn = try Self.locate(clients.0, in: first, scanner) }
        guard labelColumn == nil || labelColumn != clientColumn else {
            throw scanner.malformed(column: 1, "labels and clients are the same column")
        }
        let special = [labelColumn, clientColumn].compactMap { $0 }
        let featureCount = first.count - special.count
        guard featureCount > 0 else { throw scanner.malformed(column: 1, "no column is left for the inputs") }
        var reader = RowReader(
            scanner: scanner, columnCount: first.count, labelColumn: labelColumn, clientColumn: clientColumn,
            labels: labels?.1, clients: clients?.1, scale: scale, shift: shift)
        if Self.isHeader(first, special: special, columns: [labels?.0, clients?.0]) { _ = try reader.scanner.row() }
        try reader.readRows()
        path = scanner.path
        self.featureCount = featureCount
        features = reader.features
        self.labels = labelColumn == nil ? nil : reader.labels
        self.clients = clientColumn == nil ? nil : reader.clients
    }

    private static func isHeader(_ first: [CSVScanner.Field], special: [Int], columns: [CSVColumn?]) -> Bool {
        for case .named in columns { return true }
        return first.indices.contains { !special.contains($0) && DecimalNumber.value(first[$0].text) == nil }
    }

    /// The index of a column, `nil` for a file of its own.
    private static func locate(
        _ column: CSVColumn, in first: [CSVScanner.Field], _ scanner: CSVScanner
    ) throws(DatasetError) -> Int? {
        switch column {
        case .file:
            return nil
        case .index(let index):
            let position = index < 0 ? first.count + index : index
            guard first.indices.contains(position) else {
                throw scanner.malformed(column: 1, "there is no column \(index) among \(first.count) columns")
            }
            return position
        case .named(let name):
            let matches = first.indices.filter { first[$0].string == name }
            guard let match = matches.first, matches.count == 1 else {
                throw scanner.malformed(
                    column: 1, "the header names the column '\(name)' \(matches.count) times, not once")
            }
            return match
        }
    }
}

/// Reads the lines below the header into columns.
private struct RowReader {
    var scanner: CSVScanner
    let columnCount: Int
    let labelColumn: Int?
    let clientColumn: Int?
    var labels: CategoryColumn?
    var clients: CategoryColumn?
    let scale: Float
    let shift: Float
    var features: [Float] = []

    mutating func readRows() throws(DatasetError) {
        while !scanner.isAtEnd {
            try readRow()
            guard features.count <= Dataset.maximumValueCount else {
                throw .tooLarge(
                    what: "\(scanner.path): values", count: features.count, limit: Dataset.maximumValueCount)
            }
        }
        guard !features.isEmpty else { throw scanner.malformed(column: 1, "the file holds no rows below its header") }
    }

    private mutating func readRow() throws(DatasetError) {
        for column in 0..<columnCount {
            let field = try scanner.next()
            guard field.endsLine == (column == columnCount - 1) else {
                let cause = field.endsLine ? "only \(column + 1)" : "more than \(columnCount)"
                throw scanner.malformed(column: field.column, "\(cause) fields, the first line has \(columnCount)")
            }
            if column == labelColumn {
                try labels?.append(field, scanner)
            } else if column == clientColumn {
                try clients?.append(field, scanner)
            } else {
                features.append(try feature(field))
            }
        }
        scanner.finishLine()
    }

    private func feature(_ field: CSVScanner.Field) throws(DatasetError) -> Float {
        guard let number = DecimalNumber.value(field.text) else {
            throw scanner.malformed(column: field.column, "'\(field.string)' is not a number")
        }
        let value = Float(number) * scale + shift
        guard value.isFinite else {
            throw scanner.malformed(column: field.column, "'\(field.string)' is not a finite number after scaling")
        }
        return value
    }
}

extension CategoryColumn {
    /// Reads a file with one value per line into the column.
    ///
    /// The first line is a header when it is no whole number and the second line is one.
    mutating func read(_ file: CSVScanner) throws(DatasetError) {
        var scanner = file
        var lookahead = file
        if !lookahead.isAtEnd {
            let first = try lookahead.row()
            let isNumber = first.first.map { wholeNumber($0) != nil } ?? false
            if !isNumber, !lookahead.isAtEnd, let second = try lookahead.row().first, wholeNumber(second) != nil {
                _ = try scanner.row()
            }
        }
        while !scanner.isAtEnd {
            let field = try scanner.next()
            guard field.endsLine else {
                throw scanner.malformed(column: field.column, "one \(what) per line is expected")
            }
            try append(field, scanner)
            scanner.finishLine()
        }
    }
}
