/// Z85, the text form of CURVE keys (ZeroMQ RFC 32): 4 bytes in 5 printable characters.
public enum Z85 {
    private static let alphabet = Array(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#".utf8)
    private static let values: [UInt8: UInt64] = Dictionary(
        uniqueKeysWithValues: alphabet.enumerated().map { ($1, UInt64($0)) })

    /// The text of bytes whose count is a multiple of 4.
    public static func encode(_ bytes: [UInt8]) -> String {
        precondition(bytes.count.isMultiple(of: 4))
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 4) {
            var value = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            var digits: [UInt8] = []
            for _ in 0..<5 {
                digits.append(alphabet[value % 85])
                value /= 85
            }
            text += digits.reversed()
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text.
    ///
    /// - Throws: `invalidZ85` for other characters, a length that is no multiple of 5, or a group above 2^32 − 1.
    public static func decode(_ text: String) throws(EncryptionError) -> [UInt8] {
        let characters = Array(text.utf8)
        guard characters.count.isMultiple(of: 5) else { throw .invalidZ85 }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: characters.count, by: 5) {
            var value: UInt64 = 0
            for character in characters[start..<start + 5] {
                guard let digit = values[character] else { throw .invalidZ85 }
                value = value * 85 + digit
            }
            guard let group = UInt32(exactly: value) else { throw .invalidZ85 }
            Swift.withUnsafeBytes(of: group.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }
}
