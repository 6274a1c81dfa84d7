import Foundation

/// Reads a file front to back; a gzip file, known by its first bytes, is decompressed on the way.
struct ByteReader: ~Copyable {
    /// Largest file that is read from disk (4 GiB).
    static let maximumFileByteCount = 1 << 32
    static let gzipMagic: [UInt8] = [0x1f, 0x8b]

    /// The file's path, for messages.
    let path: String
    /// Whether offsets count decompressed bytes.
    let isCompressed: Bool
    /// Bytes handed out so far.
    private(set) var offset = 0
    private let content: Data
    private var inflater: Inflater?

    init(_ url: URL, dataFolder: URL?) throws(DatasetError) {
        path = url.path
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw .missingFile(path: url.path, dataFolder: dataFolder?.path)
        }
        do {
            let size = try FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int ?? 0
            guard size <= Self.maximumFileByteCount else {
                throw DatasetError.tooLarge(what: "\(url.path): bytes", count: size, limit: Self.maximumFileByteCount)
            }
            content = try Data(contentsOf: url)
        } catch let error as DatasetError {
            throw error
        } catch {
            throw .unreadable(file: url.path, cause: error.localizedDescription)
        }
        isCompressed = content.starts(with: Self.gzipMagic)
        inflater = isCompressed ? Inflater(content) : nil
    }

    /// Reads bytes in memory as they are; `path` names them in messages.
    init(_ content: Data, path: String) {
        self.content = content
        self.path = path
        isCompressed = false
        inflater = nil
    }

    /// The most bytes that can still follow; exact for a plain file, an upper bound for a compressed one.
    var maximumRemainingCount: Int {
        isCompressed ? content.count * Inflater.maximumRatio - offset : content.count - offset
    }

    /// The next `count` bytes, which hold `what`.
    mutating func read(_ count: Int, _ what: String) throws(DatasetError) -> [UInt8] {
        let bound = maximumRemainingCount
        guard count <= bound else {
            throw truncated(what, wanted: count, found: isCompressed ? "at most \(bound) can" : "\(bound)")
        }
        let bytes = try readUpTo(count)
        guard bytes.count == count else { throw truncated(what, wanted: count, found: "\(bytes.count)") }
        return bytes
    }

    /// All the bytes that follow, at most `limit`.
    mutating func readToEnd(limit: Int) throws(DatasetError) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let next = try readUpTo(min(max(bytes.count, 1 << 16), maximumRemainingCount))
            if next.isEmpty { return bytes }
            bytes += next
            guard bytes.count <= limit else {
                throw .tooLarge(what: "\(path): bytes of content", count: bytes.count, limit: limit)
            }
        }
    }

    /// Checks that nothing follows.
    mutating func expectEnd(after what: String) throws(DatasetError) {
        let end = offset
        guard try readUpTo(1).isEmpty else {
            throw .malformed(file: path, at: position(end), cause: "bytes follow the end of \(what)")
        }
    }

    /// An offset of this file as a position for messages.
    func position(_ offset: Int) -> FilePosition { isCompressed ? .inflatedByte(offset) : .byte(offset) }

    private mutating func readUpTo(_ count: Int) throws(DatasetError) -> [UInt8] {
        var failure: Inflater.Failure?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let target = UnsafeMutableRawBufferPointer(buffer)
            do throws(Inflater.Failure) {
                initialized = try fill(target)
            } catch {
                failure = error
            }
        }
        switch failure {
        case .truncated:
            throw .malformed(file: path, at: .byte(content.count), cause: "the gzip stream ends early: file truncated")
        case .corrupt(let cause):
            throw .malformed(
                file: path, at: .byte(inflater?.consumedCount ?? 0), cause: "the gzip stream is corrupt: \(cause)")
        case nil:
            offset += bytes.count
            return bytes
        }
    }

    private mutating func fill(_ target: UnsafeMutableRawBufferPointer) throws(Inflater.Failure) -> Int {
        if isCompressed { return try inflater?.read(into: target) ?? 0 }
        let start = content.startIndex + offset
        let end = min(start + target.count, content.endIndex)
        return content.copyBytes(to: target, from: start..<end)
    }

    private func truncated(_ what: String, wanted: Int, found: String) -> DatasetError {
        .malformed(
            file: path, at: position(offset),
            cause: "\(what) should take \(wanted) bytes, but \(found) follow: file truncated or header wrong")
    }
}
