/// Walks over JSON text (RFC 8259) whose form is known: objects, strings and lists of natural numbers.
///
/// Unlike a general parser it keeps every key, so that repeated ones can be refused, and says at which byte it failed.
struct JSONScanner {
    private let bytes: ArraySlice<UInt8>
    private var offset: Int

    /// Begins at the start of the slice; offsets in errors are the slice's own indices.
    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        offset = bytes.startIndex
    }

    /// An error at the place where the scanner stands.
    func failure(_ cause: String) -> ModelFormatError { .malformed(offset: offset, cause: cause) }

    /// Whether this character is the very next, without spaces.
    func isAt(_ character: Unicode.Scalar) -> Bool { bytes[offset...].first == UInt8(ascii: character) }

    /// Reads an object; `member` is called behind each key's colon and reads the value.
    mutating func object(
        _ member: (inout JSONScanner, String) throws(ModelFormatError) -> Void
    ) throws(ModelFormatError) {
        try expect("{")
        if skips("}") { return }
        repeat {
            let key = try string()
            try expect(":")
            try member(&self, key)
        } while skips(",")
        try expect("}")
    }

    /// Reads a list of whole numbers of 0 and more.
    mutating func naturalNumbers(atMost limit: Int) throws(ModelFormatError) -> [Int] {
        var numbers: [Int] = []
        try expect("[")
        if skips("]") { return numbers }
        repeat {
            guard numbers.count < limit else { throw failure("more than \(limit) numbers") }
            numbers.append(try naturalNumber())
        } while skips(",")
        try expect("]")
        return numbers
    }

    /// Reads a string.
    mutating func string() throws(ModelFormatError) -> String {
        try expect("\"")
        let start = offset
        var units: [UInt8] = []
        while let byte = bytes[offset...].first, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw failure("a control character inside a string") }
            offset += 1
            if byte == UInt8(ascii: "\\") {
                units.append(contentsOf: String(try escaped()).utf8)
            } else {
                units.append(byte)
            }
        }
        guard isAt("\"") else { throw failure("a string without an end") }
        offset += 1
        guard let text = String(validating: units, as: UTF8.self) else {
            throw .malformed(offset: start, cause: "a string that is not UTF-8")
        }
        return text
    }

    /// Checks that nothing but spaces is left.
    mutating func expectOnlySpaces() throws(ModelFormatError) {
        while isAt(" ") { offset += 1 }
        guard offset == bytes.endIndex else { throw failure("only spaces may follow the header's JSON") }
    }

    private mutating func skips(_ character: Unicode.Scalar) -> Bool {
        while let byte = bytes[offset...].first, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { offset += 1 }
        guard isAt(character) else { return false }
        offset += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(ModelFormatError) {
        guard skips(character) else { throw failure("'\(character)' expected") }
    }

    private mutating func naturalNumber() throws(ModelFormatError) -> Int {
        while isAt(" ") { offset += 1 }
        let digits = bytes[offset...].prefix { (0x30...0x39).contains($0) }
        guard let value = Int(String(decoding: digits, as: UTF8.self)), digits.count == 1 || digits.first != 0x30 else {
            throw failure("a whole number of 0 to \(Int.max) expected")
        }
        offset += digits.count
        return value
    }

    private mutating func escaped() throws(ModelFormatError) -> Unicode.Scalar {
        guard let byte = bytes[offset...].first else { throw failure("a string without an end") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw .malformed(offset: offset - 1, cause: "an unknown escape in a string")
        }
    }

    /// The scalar of `\uXXXX`, or of the two that make a surrogate pair.
    private mutating func unicodeEscape() throws(ModelFormatError) -> Unicode.Scalar {
        let first = try fourHexDigits()
        var value = first
        if (0xd800..<0xdc00).contains(first), bytes[offset...].starts(with: Array("\\u".utf8)) {
            offset += 2
            let second = try fourHexDigits()
            guard (0xdc00..<0xe000).contains(second) else { throw failure("half of a surrogate pair in a string") }
            value = 0x10000 + (first - 0xd800) << 10 + (second - 0xdc00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw failure("half of a surrogate pair in a string") }
        return scalar
    }

    private mutating func fourHexDigits() throws(ModelFormatError) -> UInt32 {
        let digits = bytes[offset...].prefix(4)
        let isHex = digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
        guard digits.count == 4, isHex, let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else {
            throw failure("four hexadecimal digits expected")
        }
        offset += 4
        return value
    }
}
