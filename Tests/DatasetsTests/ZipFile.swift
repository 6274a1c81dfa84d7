import Foundation

/// A zip file as NumPy writes one, put together byte by byte so that every field can be made wrong.
struct ZipFile {
    struct Member {
        var name: String
        var content: [UInt8]
        /// 0 stored, 8 deflated (in stored blocks).
        var method = 0
        var flags = 0
        /// Announced sizes, instead of the real ones.
        var announcedCount: Int?
        var announcedPackedCount: Int?
        /// Whether the local header leaves the sizes to a zip64 extra field, as NumPy's does.
        var hasLongLocalHeader = false
    }

    var members: [Member]
    var comment: [UInt8] = []
    var announcedMemberCount: Int?

    var bytes: [UInt8] {
        var body: [UInt8] = []
        var directory: [UInt8] = []
        for member in members {
            let offset = body.count
            let packed = member.method == 8 ? Array(gzip(member.content).dropFirst(10).dropLast(8)) : member.content
            let sizes =
                long(member.announcedPackedCount ?? packed.count) + long(member.announcedCount ?? member.content.count)
            let common = short(member.flags) + short(member.method) + long(0) + littleEndian(crc32(member.content))
            let extra =
                member.hasLongLocalHeader
                ? short(1) + short(16) + littleEndian(UInt64(member.content.count))
                    + littleEndian(UInt64(packed.count)) : []
            let name = Array(member.name.utf8)
            body += [0x50, 0x4b, 3, 4] + short(45) + common
            body += member.hasLongLocalHeader ? long(0xffff_ffff) + long(0xffff_ffff) : sizes
            body += short(name.count) + short(extra.count) + name + extra + packed
            directory += [0x50, 0x4b, 1, 2] + short(45) + short(45) + common + sizes + short(name.count)
            directory += [UInt8](repeating: 0, count: 12) + long(offset) + name
        }
        let count = short(announcedMemberCount ?? members.count)
        return body + directory + [0x50, 0x4b, 5, 6] + long(0) + count + count + long(directory.count)
            + long(body.count) + short(comment.count) + comment
    }

    private func short(_ value: Int) -> [UInt8] { littleEndian(UInt16(value)) }
    private func long(_ value: Int) -> [UInt8] { littleEndian(UInt32(value)) }
}
