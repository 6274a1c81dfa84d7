/// Decimal numbers as they stand in text.
package enum DecimalNumber {
    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    /// The value of an optional sign, digits with at most one point, and an optional exponent; `nil` for anything else.
    ///
    /// Correctly rounded: up to 15 digits and a power of ten up to 22 are one exact division or multiplication
    /// (Clinger 1990, doi:10.1145/93542.93557); the standard library reads the rest. `inf` and `nan` are not numbers.
    package static func value(_ text: ArraySlice<UInt8>) -> Double? {
        var index = text.startIndex
        let isNegative = index < text.endIndex && text[index] == UInt8(ascii: "-")
        if index < text.endIndex, isNegative || text[index] == UInt8(ascii: "+") { index += 1 }
        var mantissa: UInt64 = 0
        var digitCount = 0
        var fractionCount = 0
        var seenPoint = false
        while index < text.endIndex {
            let byte = text[index]
            if (0x30...0x39).contains(byte) {
                if digitCount < 16 { mantissa = mantissa * 10 + UInt64(byte - 0x30) }
                // Leading zeros are no digits of the mantissa.
                if mantissa > 0 { digitCount += 1 }
                if seenPoint { fractionCount += 1 }
            } else if byte == UInt8(ascii: "."), !seenPoint {
                seenPoint = true
            } else {
                return slowValue(text)
            }
            index += 1
        }
        let hasDigit = text.contains { (0x30...0x39).contains($0) }
        guard hasDigit else { return nil }
        guard digitCount <= 15, fractionCount <= 22 else { return slowValue(text) }
        let magnitude = Double(mantissa) / powersOfTen[fractionCount]
        return isNegative ? -magnitude : magnitude
    }

    private static func slowValue(_ text: ArraySlice<UInt8>) -> Double? {
        let allowed = text.allSatisfy {
            (0x30...0x39).contains($0) || $0 == 0x2b || $0 == 0x2d || $0 == 0x2e || $0 == 0x45 || $0 == 0x65
        }
        return allowed ? Double(String(decoding: text, as: UTF8.self)) : nil
    }
}
