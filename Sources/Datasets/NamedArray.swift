import Foundation

/// An array of numbers with a name, such as a tensor of a model's update.
public struct NamedArray: Hashable, Sendable {
    /// Name without `.npy`; unique in its file.
    public let name: String
    /// Sizes, outermost first, each at least 1; `[1]` for a single number.
    public let shape: [Int]
    /// The elements row-major; every value is finite.
    public let values: [Float]
}

extension NamedArray {
    /// Reads all arrays of a `.npz` file, in the order of its directory: a zip file of `.npy` members.
    ///
    /// Members are stored or deflated, and their checksums are checked. Zip64 and encrypted files are refused, and so
    /// are members that are not `.npy`. All sizes are checked before anything is allocated for them.
    ///
    /// - Throws: `DatasetError`; positions within a member count from the start of the `.npy` that it holds.
    public static func load(npz path: String) throws(DatasetError) -> [NamedArray] {
        let archive = try ZipArchive(URL(fileURLWithPath: path))
        var arrays: [NamedArray] = []
        for member in archive.members {
            guard member.name.hasSuffix(".npy"), member.name.count > 4 else {
                throw archive.malformed(at: member.headerOffset, "'\(member.name)' is not a .npy array")
            }
            var reader = ByteReader(try archive.content(of: member), path: "\(path): \(member.name)")
            let array = try ArrayFile.npy(&reader, acceptsSingleNumber: true)
            arrays.append(
                NamedArray(name: String(member.name.dropLast(4)), shape: array.shape, values: try array.floats()))
        }
        return arrays
    }

    /// Reads the one array of a `.npy` file; its name is the file's.
    ///
    /// - Throws: `DatasetError`; sizes are checked before anything is allocated for them.
    public static func load(npy path: String) throws(DatasetError) -> NamedArray {
        let url = URL(fileURLWithPath: path)
        var reader = try ByteReader(url, dataFolder: nil)
        let array = try ArrayFile.npy(&reader, acceptsSingleNumber: true)
        return NamedArray(
            name: url.deletingPathExtension().lastPathComponent, shape: array.shape, values: try array.floats())
    }

    /// Reads the numbers of a CSV file, `[rows, columns]`, gzip-compressed or not; its name is the file's.
    ///
    /// The first line is a header where one of its fields is no number.
    ///
    /// - Throws: `DatasetError` with line and column of what is no finite number, and of a line of another length.
    public static func load(csv path: String) throws(DatasetError) -> NamedArray {
        let url = URL(fileURLWithPath: path)
        let table = try CSVTable(CSVScanner(url, dataFolder: nil), labels: nil)
        return NamedArray(
            name: url.deletingPathExtension().lastPathComponent, shape: [table.rowCount, table.featureCount],
            values: table.features)
    }
}
