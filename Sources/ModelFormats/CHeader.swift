/// A file as a C header: one aligned constant array and its length, for firmware that links its model.
public struct CHeader: Sendable {
    private let symbol: String
    private let bytes: [UInt8]
    private let summary: String

    /// Describes a header.
    ///
    /// - Parameters:
    ///   - symbol: name of the array, a C identifier; the length is `<symbol>_len`.
    ///   - summary: one line of comment at the top.
    /// - Throws: `ModelFormatError.unsupported` where the symbol is no C identifier.
    public init(symbol: String, bytes: [UInt8], summary: String) throws(ModelFormatError) {
        let isIdentifier = symbol.utf8.enumerated().allSatisfy { index, byte in
            (65...90).contains(byte) || (97...122).contains(byte) || byte == 95
                || (index > 0 && (48...57).contains(byte))
        }
        guard isIdentifier, (1...63).contains(symbol.utf8.count) else {
            throw .unsupported("'\(symbol)' is no C identifier of 1 to 63 letters, digits and underscores")
        }
        self.symbol = symbol
        self.bytes = bytes
        self.summary = summary.replacing("*/", with: "* /").replacing("\n", with: " ")
    }

    /// The text of the header, for C11 and C++11; the array is aligned to 16 bytes, as the formats want it.
    public var text: String {
        let guardName = symbol.uppercased() + "_H"
        var lines = [
            "/* \(summary) */", "#ifndef \(guardName)", "#define \(guardName)", "", "#ifdef __cplusplus",
            "#define SWIFTLET_ALIGN alignas(16)", "#else", "#define SWIFTLET_ALIGN _Alignas(16)", "#endif", "",
            "static const unsigned int \(symbol)_len = \(bytes.count);",
            "SWIFTLET_ALIGN static const unsigned char \(symbol)[\(max(bytes.count, 1))] = {",
        ]
        for start in stride(from: 0, to: bytes.count, by: 16) {
            let row = bytes[start..<min(start + 16, bytes.count)]
            lines.append("    " + row.map { "0x" + Self.digits($0) + "," }.joined(separator: " "))
        }
        if bytes.isEmpty { lines.append("    0") }
        return (lines + ["};", "", "#undef SWIFTLET_ALIGN", "#endif /* \(guardName) */", ""]).joined(separator: "\n")
    }

    private static func digits(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count < 2 ? "0" + digits : digits
    }
}
