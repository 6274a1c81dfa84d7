extension SafetensorsFile {
    /// Reads a file.
    ///
    /// Refused besides broken JSON: duplicate names or keys, unknown keys, element types that are not read, sizes that
    /// contradict the offsets, and data that overlap, leave holes, or do not end with the file.
    ///
    /// - Throws: `ModelFormatError`. Nothing is allocated beyond a small multiple of the file's own size.
    public init(decoding bytes: [UInt8]) throws(ModelFormatError) {
        guard bytes.count >= 8 else {
            throw .malformed(offset: bytes.count, cause: "a safetensors file begins with 8 bytes of length: truncated")
        }
        let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= Self.maximumHeaderByteCount else {
            throw .tooLarge(
                what: "bytes of the safetensors header", count: Int(clamping: length),
                limit: Self.maximumHeaderByteCount)
        }
        let dataStart = 8 + Int(length)
        guard dataStart <= bytes.count else {
            throw .malformed(
                offset: bytes.count, cause: "the header should take \(length) bytes, the file ends before: truncated")
        }
        var scanner = JSONScanner(bytes[8..<dataStart])
        let header = try SafetensorsHeader(&scanner)
        let ordered = header.entries.sorted { ($0.begin, $0.end) < ($1.begin, $1.end) }
        try Self.checkLayout(ordered, dataStart: dataStart, fileByteCount: bytes.count)
        tensors = ordered.map { entry in
            SafetensorsTensor(
                name: entry.name, dtype: entry.dtype, shape: entry.shape,
                data: Array(bytes[(dataStart + entry.begin)..<(dataStart + entry.end)]))
        }
        metadata = header.metadata
    }

    /// Checks that the tensors fill the data from the first byte to the last, each with the bytes of its shape.
    private static func checkLayout(
        _ ordered: [SafetensorsHeader.Entry], dataStart: Int, fileByteCount: Int
    ) throws(ModelFormatError) {
        let dataByteCount = fileByteCount - dataStart
        var end = 0
        for entry in ordered {
            guard entry.begin == end else {
                let cause = entry.begin < end ? "overlap those before" : "leave a hole behind those before"
                throw .invalidTensor(
                    name: entry.name, cause: "data at \(entry.begin)..<\(entry.end) \(cause), which end at \(end)")
            }
            guard entry.end >= entry.begin, byteCount(entry.shape, entry.dtype) == entry.end - entry.begin else {
                throw .invalidTensor(
                    name: entry.name,
                    cause: "data at \(entry.begin)..<\(entry.end) do not fit \(entry.dtype.rawValue) of \(entry.shape)")
            }
            guard entry.end <= dataByteCount else {
                throw .invalidTensor(
                    name: entry.name,
                    cause: "data end at \(entry.end), the file holds \(dataByteCount) bytes: truncated")
            }
            end = entry.end
        }
        guard end == dataByteCount else {
            throw .malformed(
                offset: dataStart + end, cause: "\(dataByteCount - end) bytes follow the data of the last tensor")
        }
    }
}
