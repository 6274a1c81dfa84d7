/// Writes arrays in the NumPy format, version 1.0
/// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
public enum NPYFile {
    /// A float32 array, row-major; `values` fill `shape`.
    public static func float32(_ values: [Float], shape: [Int]) -> [UInt8] {
        file("<f4", shape, littleEndianBytes(values.lazy.map(\.bitPattern)))
    }

    /// An int8 array, row-major; `values` fill `shape`.
    public static func int8(_ values: [Int8], shape: [Int]) -> [UInt8] { file("|i1", shape, littleEndianBytes(values)) }

    private static func file(_ type: String, _ shape: [Int], _ data: [UInt8]) -> [UInt8] {
        let sizes = shape.map { "\($0)," }.joined(separator: " ")
        var header = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }".utf8)
        // Magic number, version and length take ten bytes; data begin at a multiple of 64.
        let padding = 63 - (10 + header.count) % 64
        header += [UInt8](repeating: UInt8(ascii: " "), count: padding) + [UInt8(ascii: "\n")]
        return [0x93] + Array("NUMPY".utf8) + [1, 0] + littleEndianBytes(CollectionOfOne(UInt16(header.count)))
            + header + data
    }
}
