/// A place in a file of data.
public enum FilePosition: Hashable, Sendable, CustomStringConvertible {
    /// A byte of the file as it lies on disk, counted from 0.
    case byte(Int)
    /// A byte of what a gzip file holds, counted from 0 after decompression.
    case inflatedByte(Int)
    /// A line and a byte in the line, both counted from 1.
    case line(Int, column: Int)

    /// The place in words.
    public var description: String {
        switch self {
        case .byte(let offset): "byte \(offset)"
        case .inflatedByte(let offset): "byte \(offset) after decompression"
        case .line(let line, let column): "line \(line), column \(column)"
        }
    }
}

/// Why data could not be loaded, generated or dealt to clients.
public enum DatasetError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A data set is named by a relative path, and no data folder is set.
    case noDataFolder(path: String)
    /// A file does not exist; `dataFolder` is where relative paths were looked up.
    case missingFile(path: String, dataFolder: String?)
    /// A file exists but could not be read.
    case unreadable(file: String, cause: String)
    /// A file's content is not what its format or its use demands.
    case malformed(file: String, at: FilePosition, cause: String)
    /// Two files that describe the same samples hold different numbers of them.
    case mismatchedCounts(file: String, count: Int, otherFile: String, otherCount: Int)
    /// Training and test samples differ in shape.
    case mismatchedShapes(file: String, shape: [Int], otherFile: String, otherShape: [Int])
    /// More bytes or values than are accepted; nothing was allocated for them.
    case tooLarge(what: String, count: Int, limit: Int)
    /// No data set of this name.
    case unknownDataset(String)
    /// A setting of a data set or a partition is out of range.
    case invalidSetting(String)
    /// The samples cannot be dealt to the clients in the way asked for.
    case impossiblePartition(String)

    /// What is wrong and what to do about it.
    public var description: String {
        switch self {
        case .noDataFolder(let path):
            "'\(path)' is looked up in the data folder, but none is set: name it with --data or SWIFTLET_DATA"
        case .missingFile(let path, let folder?):
            "no file '\(path)' (the data folder is '\(folder)'; --data or SWIFTLET_DATA sets it)"
        case .missingFile(let path, nil):
            "no file '\(path)'"
        case .unreadable(let file, let cause):
            "\(file): cannot be read: \(cause)"
        case .malformed(let file, let position, let cause):
            "\(file): \(position): \(cause)"
        case .mismatchedCounts(let file, let count, let otherFile, let otherCount):
            "\(file) holds \(count) samples, but \(otherFile) holds \(otherCount): they must describe the same samples"
        case .mismatchedShapes(let file, let shape, let otherFile, let otherShape):
            "samples of \(file) have the shape \(shape), but those of \(otherFile) have \(otherShape)"
        case .tooLarge(let what, let count, let limit):
            "\(what): \(count) is more than the limit of \(limit)"
        case .unknownDataset(let name):
            "no data set '\(name)': choose gestures, \(NamedDataset.list), or name files with {kind: idx|npy|csv, …}"
        case .invalidSetting(let cause), .impossiblePartition(let cause):
            cause
        }
    }
}
