/// Little-endian numbers at places of a zip file, checked against its end.
struct ZipFields {
    let bytes: [UInt8]
    let path: String

    /// A number of 1 to 4 bytes.
    func number(_ byteCount: Int, at offset: Int) throws(DatasetError) -> Int {
        try require(byteCount, at: offset, "a header")
        return bytes[offset..<(offset + byteCount)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// Checks the four bytes that a header begins with.
    func expect(_ signature: Int, at offset: Int, _ what: String) throws(DatasetError) {
        guard try number(4, at: offset) == signature else { throw malformed(at: offset, "\(what) is not there") }
    }

    /// Checks that bytes are there.
    func require(_ count: Int, at offset: Int, _ what: String) throws(DatasetError) {
        guard offset >= 0, count <= bytes.count - offset else {
            throw malformed(at: bytes.count, "the file ends within \(what) at byte \(offset): truncated")
        }
    }

    func malformed(at offset: Int, _ cause: String) -> DatasetError {
        .malformed(file: path, at: .byte(offset), cause: cause)
    }
}

/// Where the directory of a zip file lies, by the record that ends the file.
struct ZipDirectory {
    private static let recordByteCount = 22
    private static let maximumCommentByteCount = 0xffff

    let offset: Int
    private let end: Int
    private let memberCount: Int

    /// Finds the record from the end: only a comment may follow it.
    init(_ fields: ZipFields) throws(DatasetError) {
        let last = fields.bytes.count - Self.recordByteCount
        guard last >= 0, let start = Self.recordOffset(fields.bytes, last: last) else {
            throw fields.malformed(
                at: 0, "this is no zip file, or it is truncated: the record of its directory is missing at the end")
        }
        guard try fields.number(4, at: start + 4) == 0 else {
            throw fields.malformed(at: start + 4, "archives of several parts are not read")
        }
        memberCount = try fields.number(2, at: start + 10)
        let byteCount = try fields.number(4, at: start + 12)
        offset = try fields.number(4, at: start + 16)
        guard memberCount != 0xffff, byteCount != 0xffff_ffff, offset != 0xffff_ffff else {
            throw fields.malformed(at: start, Self.zip64)
        }
        guard try fields.number(2, at: start + 8) == memberCount, offset + byteCount == start else {
            throw fields.malformed(at: start, "the record of the directory contradicts the file")
        }
        end = start
    }

    /// Reads all entries; sizes that are too large or that the compressed bytes cannot hold are refused.
    func members(_ fields: ZipFields) throws(DatasetError) -> [ZipArchive.Member] {
        var members: [ZipArchive.Member] = []
        var names: Set<String> = []
        var position = offset
        var total = 0
        while position < end {
            let member = try member(fields, at: &position)
            guard names.insert(member.name).inserted else {
                throw fields.malformed(at: position, "'\(member.name)' is there twice")
            }
            total += member.count
            guard total <= ZipArchive.maximumByteCount else {
                throw .tooLarge(
                    what: "\(fields.path): bytes of all members", count: total, limit: ZipArchive.maximumByteCount)
            }
            members.append(member)
        }
        guard position == end, members.count == memberCount else {
            throw fields.malformed(
                at: end, "the directory holds \(members.count) members, its record says \(memberCount)")
        }
        return members
    }

    private static let zip64 = "zip64 archives are not read: save fewer arrays, and less than 4 GiB, per file"

    private static func recordOffset(_ bytes: [UInt8], last: Int) -> Int? {
        for start in stride(from: last, through: max(0, last - maximumCommentByteCount), by: -1)
        where bytes[start...].starts(with: [0x50, 0x4b, 5, 6]) {
            let comment = Int(bytes[start + 20]) | Int(bytes[start + 21]) << 8
            if start + recordByteCount + comment == bytes.count { return start }
        }
        return nil
    }

    private func member(_ fields: ZipFields, at position: inout Int) throws(DatasetError) -> ZipArchive.Member {
        let start = position
        try fields.expect(0x0201_4b50, at: start, "an entry of the directory")
        let flags = try fields.number(2, at: start + 8)
        let method = try fields.number(2, at: start + 10)
        let compressedCount = try fields.number(4, at: start + 20)
        let count = try fields.number(4, at: start + 24)
        let headerOffset = try fields.number(4, at: start + 42)
        let nameCount = try fields.number(2, at: start + 28)
        try fields.require(46 + nameCount, at: start, "an entry of the directory")
        let name = String(decoding: fields.bytes[(start + 46)..<(start + 46 + nameCount)], as: UTF8.self)
        guard flags & 1 == 0 else { throw fields.malformed(at: start + 8, "'\(name)' is encrypted") }
        guard ![compressedCount, count, headerOffset].contains(0xffff_ffff) else {
            throw fields.malformed(at: start, Self.zip64)
        }
        guard method == 0 || method == 8 else {
            throw fields.malformed(
                at: start + 10, "'\(name)' is packed by method \(method); 0 (stored) and 8 (deflated) are read")
        }
        guard method == 0 ? count == compressedCount : count <= compressedCount * Inflater.maximumRatio else {
            throw fields.malformed(
                at: start + 24, "'\(name)' cannot hold \(count) bytes, packed in \(compressedCount)")
        }
        position = start + 46 + nameCount
        position += try fields.number(2, at: start + 30) + fields.number(2, at: start + 32)
        let checksum = UInt32(truncatingIfNeeded: try fields.number(4, at: start + 16))
        return ZipArchive.Member(
            name: name, method: method, checksum: checksum, compressedCount: compressedCount, count: count,
            headerOffset: headerOffset)
    }
}
