import CSodium

/// Hexadecimal text in constant time, so that secrets do not leak through the cache.
enum Hexadecimal {
    static func encode(_ bytes: [UInt8]) -> String {
        var text = [CChar](repeating: 0, count: 2 * bytes.count + 1)
        sodium_bin2hex(&text, text.count, bytes, bytes.count)
        return String(decoding: text.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The bytes; nil for other characters or another length.
    static func decode(_ text: some StringProtocol, byteCount: Int) -> [UInt8]? {
        let characters = text.utf8.map(CChar.init(bitPattern:))
        guard characters.count == 2 * byteCount else { return nil }
        var bytes = [UInt8](repeating: 0, count: byteCount)
        var decoded = 0
        let status = sodium_hex2bin(&bytes, byteCount, characters, characters.count, nil, &decoded, nil)
        return status == 0 && decoded == byteCount ? bytes : nil
    }
}
