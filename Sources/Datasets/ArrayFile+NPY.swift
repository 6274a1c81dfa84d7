import Foundation

extension ArrayFile {
    /// Largest text header of a `.npy` file; NumPy itself refuses longer ones too.
    static let maximumNPYHeaderByteCount = 10_000

    /// Reads a `.npy` file, format versions 1 to 3 (NumPy Enhancement Proposal 1).
    ///
    /// Little-endian arrays in C order with elements `f4`, `f8`, `i1`…`i8` and `u1`…`u8`; the file may be
    /// gzip-compressed. Fortran order, big-endian elements and pickled objects are refused.
    static func npy(_ url: URL, dataFolder: URL?) throws(DatasetError) -> ArrayFile {
        var reader = try ByteReader(url, dataFolder: dataFolder)
        return try npy(&reader)
    }

    /// Reads a `.npy` file from where `reader` stands to its end.
    ///
    /// - Parameter acceptsSingleNumber: whether the shape may be `()`, which is read as `[1]`.
    static func npy(
        _ reader: inout ByteReader, acceptsSingleNumber: Bool = false
    ) throws(DatasetError) -> ArrayFile {
        let magic = try reader.read(8, "the .npy magic number and version")
        guard magic.starts(with: [0x93] + Array("NUMPY".utf8)) else {
            throw .malformed(
                file: reader.path, at: reader.position(0), cause: "a .npy file begins with \\x93NUMPY")
        }
        guard (1...3).contains(magic[6]) else {
            throw .malformed(
                file: reader.path, at: reader.position(6), cause: ".npy version \(magic[6]) is unknown (1, 2, 3)")
        }
        let lengthBytes = try reader.read(magic[6] == 1 ? 2 : 4, "the length of the .npy header")
        let length = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= maximumNPYHeaderByteCount else {
            throw .tooLarge(
                what: "\(reader.path): bytes of the .npy header", count: length, limit: maximumNPYHeaderByteCount)
        }
        let headerOffset = reader.offset
        let text = try reader.read(length, "the .npy header")
        let header: NPYHeader
        do throws(NPYHeader.Failure) {
            header = try NPYHeader(text, acceptsSingleNumber: acceptsSingleNumber)
        } catch {
            throw .malformed(file: reader.path, at: reader.position(headerOffset + error.offset), cause: error.cause)
        }
        return try ArrayFile(body: &reader, element: header.element, isBigEndian: false, shape: header.shape)
    }
}
