/// Int8 and int16 arrays as `.npy` files, version 1.0 (numpy.lib.format): what layer-by-layer comparisons exchange.
public enum IntegerArray {
    /// The header of a row-major array; its elements follow, little-endian.
    ///
    /// - Parameter isWide: whether elements have 16 bits, not 8.
    public static func npyHeader(shape: [Int], isWide: Bool = false) -> [UInt8] {
        let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var text = "{'descr': '\(isWide ? "<i2" : "|i1")', 'fortran_order': False, 'shape': (\(sizes)), }"
        // Magic, version and length take 10 bytes; the whole is a multiple of 64 and ends with a new line.
        let padding = (64 - (10 + text.utf8.count + 1) % 64) % 64
        text += String(repeating: " ", count: padding) + "\n"
        let length = UInt16(text.utf8.count)
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(text.utf8)
    }

    /// Elements as they stand in such a file, and in a device's memory.
    ///
    /// - Parameter isWide: whether they take 16 bits; with 8, what is beyond is cut off.
    public static func bytes(_ values: [Int16], isWide: Bool) -> [UInt8] {
        values.flatMap { value in
            let low = UInt8(truncatingIfNeeded: value)
            return isWide ? [low, UInt8(truncatingIfNeeded: value >> 8)] : [low]
        }
    }
}
