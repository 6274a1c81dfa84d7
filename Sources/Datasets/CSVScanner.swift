import Foundation

/// Walks over the fields of a comma-separated text (RFC 4180 without line breaks inside quotes).
///
/// Lines end with `\n` or `\r\n`; spaces around a field do not count; empty lines are accepted at the end only.
struct CSVScanner {
    /// Largest text that is read (1 GiB).
    static let maximumByteCount = 1 << 30

    /// One field and where it stands.
    struct Field {
        /// The text without quotes.
        let text: ArraySlice<UInt8>
        /// Position of the field's first byte in its line, from 1.
        let column: Int
        /// Whether this is the last field of its line.
        let endsLine: Bool

        /// The text as a string.
        var string: String { String(decoding: text, as: UTF8.self) }
    }

    let path: String
    /// The line that the next field is in, from 1.
    private(set) var line = 1
    private let bytes: [UInt8]
    private var offset = 0
    private var lineStart = 0

    /// Reads the whole file, which may be gzip-compressed.
    init(_ url: URL, dataFolder: URL?) throws(DatasetError) {
        var reader = try ByteReader(url, dataFolder: dataFolder)
        let bytes = try reader.readToEnd(limit: Self.maximumByteCount)
        self.init(path: reader.path, bytes: bytes)
    }

    init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]
        if bytes.starts(with: byteOrderMark) { offset = 3 }
        lineStart = offset
    }

    /// Whether all that is left is empty lines. To be asked between lines.
    var isAtEnd: Bool { !bytes[offset...].contains { $0 != newline && $0 != carriageReturn } }

    /// An error at a column of the line that the scanner is in.
    func malformed(column: Int, _ cause: String) -> DatasetError {
        .malformed(file: path, at: .line(line, column: column), cause: cause)
    }

    /// The fields of the next line.
    mutating func row() throws(DatasetError) -> [Field] {
        var fields: [Field] = []
        repeat { fields.append(try next()) } while fields.last?.endsLine == false
        finishLine()
        return fields
    }

    /// The next field of the line.
    mutating func next() throws(DatasetError) -> Field {
        while offset < bytes.count, isBlank(bytes[offset]) { offset += 1 }
        let column = offset - lineStart + 1
        let isQuoted = offset < bytes.count && bytes[offset] == quote
        var text = isQuoted ? try quotedText(column) : plainText()
        while offset < bytes.count, isBlank(bytes[offset]) || bytes[offset] == carriageReturn { offset += 1 }
        if !isQuoted { while let last = text.last, isBlank(last) || last == carriageReturn { text.removeLast() } }
        guard offset < bytes.count, bytes[offset] != newline else {
            return Field(text: text, column: column, endsLine: true)
        }
        guard bytes[offset] == comma else { throw malformed(column: column, "text follows the closing quote") }
        offset += 1
        return Field(text: text, column: column, endsLine: false)
    }

    /// Steps to the next line, after the last field of one.
    mutating func finishLine() {
        if offset < bytes.count { offset += 1 }
        line += 1
        lineStart = offset
    }

    private mutating func plainText() -> ArraySlice<UInt8> {
        let start = offset
        while offset < bytes.count, bytes[offset] != comma, bytes[offset] != newline { offset += 1 }
        return bytes[start..<offset]
    }

    private mutating func quotedText(_ column: Int) throws(DatasetError) -> ArraySlice<UInt8> {
        var text: [UInt8] = []
        offset += 1
        while offset < bytes.count, bytes[offset] != newline {
            let byte = bytes[offset]
            offset += 1
            if byte != quote {
                text.append(byte)
            } else if offset < bytes.count, bytes[offset] == quote {
                text.append(quote)
                offset += 1
            } else {
                return text[...]
            }
        }
        throw malformed(column: column, "the quote is not closed in this line")
    }
}

private let newline = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")
private let comma = UInt8(ascii: ",")
private let quote = UInt8(ascii: "\"")

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
