import Foundation

extension ArrayFile {
    /// Largest number of dimensions of any array.
    static let maximumRank = 8

    /// Reads an IDX file, the container of MNIST (LeCun, Bottou, Bengio, Haffner 1998, doi:10.1109/5.726791).
    ///
    /// Bytes `00 00 TT NN`, NN big-endian `uint32` sizes, then big-endian elements row-major. TT is `08` uint8,
    /// `09` int8, `0b` int16, `0c` int32, `0d` float32, `0e` float64. The file may be gzip-compressed.
    static func idx(_ url: URL, dataFolder: URL?) throws(DatasetError) -> ArrayFile {
        var reader = try ByteReader(url, dataFolder: dataFolder)
        let magic = try reader.read(4, "the IDX magic number")
        func malformed(_ offset: Int, _ cause: String) -> DatasetError {
            .malformed(file: reader.path, at: reader.position(offset), cause: cause)
        }
        guard magic[0] == 0, magic[1] == 0 else {
            throw malformed(0, "an IDX file begins with 00 00, not \(hex(magic[0])) \(hex(magic[1]))")
        }
        guard let element = idxElements[magic[2]] else {
            throw malformed(2, "\(hex(magic[2])) is no IDX element type (08, 09, 0b, 0c, 0d, 0e)")
        }
        let rank = Int(magic[3])
        guard (1...maximumRank).contains(rank) else {
            throw malformed(3, "\(rank) dimensions, 1 to \(maximumRank) are accepted")
        }
        let sizes = try reader.read(4 * rank, "the \(rank) sizes of the array")
        let shape = (0..<rank).map { axis in
            sizes[(4 * axis)..<(4 * axis + 4)].reduce(0) { $0 << 8 | Int($1) }
        }
        if let axis = shape.firstIndex(of: 0) { throw malformed(4 + 4 * axis, "size \(axis) of the array is 0") }
        return try ArrayFile(body: &reader, element: element, isBigEndian: true, shape: shape)
    }

    private static let idxElements: [UInt8: ElementType] = [
        0x08: .uint8, 0x09: .int8, 0x0b: .int16, 0x0c: .int32, 0x0d: .float32, 0x0e: .float64,
    ]

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
