import CZlib
import Foundation

/// A zip file in memory (PKWARE APPNOTE 6.3, without zip64, encryption and archives of several parts).
///
/// The central directory at the end is what counts; the headers before the members say again what it says, and may
/// leave the sizes open.
struct ZipArchive {
    /// What the directory says about one file.
    struct Member: Hashable {
        let name: String
        /// 0 stored, 8 deflated.
        let method: Int
        let checksum: UInt32
        let compressedCount: Int
        /// Size when unpacked, not beyond what its compressed bytes can hold.
        let count: Int
        /// Where its local header begins.
        let headerOffset: Int
    }

    /// Most bytes that all members take together when unpacked (4 GiB).
    static let maximumByteCount = 1 << 32

    /// The members in the order of the directory, names unique.
    let members: [Member]
    private let path: String
    private let content: [UInt8]
    private let directoryOffset: Int

    /// Reads a file and its directory; no member is unpacked.
    init(_ url: URL) throws(DatasetError) {
        var reader = try ByteReader(url, dataFolder: nil)
        path = reader.path
        content = try reader.readToEnd(limit: ByteReader.maximumFileByteCount)
        let fields = ZipFields(bytes: content, path: reader.path)
        let directory = try ZipDirectory(fields)
        directoryOffset = directory.offset
        members = try directory.members(fields)
    }

    /// The bytes of a member, unpacked and checked.
    func content(of member: Member) throws(DatasetError) -> Data {
        let packed = Data(content[try range(of: member)])
        let bytes = member.method == 0 ? packed : try inflate(packed, member)
        let checksum = bytes.withUnsafeBytes { (raw: UnsafeRawBufferPointer) in
            crc32_z(0, raw.bindMemory(to: UInt8.self).baseAddress, raw.count)
        }
        guard UInt32(truncatingIfNeeded: checksum) == member.checksum else {
            throw malformed(at: member.headerOffset, "the checksum of '\(member.name)' differs: the file is damaged")
        }
        return bytes
    }

    /// An error about a byte of the file.
    func malformed(at offset: Int, _ cause: String) -> DatasetError {
        .malformed(file: path, at: .byte(offset), cause: cause)
    }

    /// Where the packed bytes lie: behind the local header, before the directory.
    private func range(of member: Member) throws(DatasetError) -> Range<Int> {
        let fields = ZipFields(bytes: content, path: path)
        let start = member.headerOffset
        try fields.expect(0x0403_4b50, at: start, "the header of '\(member.name)'")
        let nameCount = try fields.number(2, at: start + 26)
        let dataStart = start + 30 + nameCount + (try fields.number(2, at: start + 28))
        guard dataStart + member.compressedCount <= directoryOffset else {
            throw malformed(at: start, "'\(member.name)' would reach into the directory")
        }
        guard content[(start + 30)..<(start + 30 + nameCount)].elementsEqual(member.name.utf8) else {
            throw malformed(at: start + 30, "the directory calls this member '\(member.name)', its header does not")
        }
        return dataStart..<(dataStart + member.compressedCount)
    }

    private func inflate(_ packed: Data, _ member: Member) throws(DatasetError) -> Data {
        var inflater = Inflater(packed, framing: .bare)
        // One byte more than announced, so that a longer stream shows.
        var bytes = Data(count: member.count + 1)
        var failure: Inflater.Failure?
        var found = 0
        bytes.withUnsafeMutableBytes { (target: UnsafeMutableRawBufferPointer) in
            do throws(Inflater.Failure) { found = try inflater.read(into: target) } catch { failure = error }
        }
        switch failure {
        case .corrupt(let cause)?: throw malformed(at: member.headerOffset, "'\(member.name)' is corrupt: \(cause)")
        case .truncated?: throw malformed(at: member.headerOffset, "'\(member.name)' ends early")
        case nil: break
        }
        guard found == member.count, inflater.consumedCount == packed.count else {
            throw malformed(
                at: member.headerOffset, "'\(member.name)' does not unpack to the \(member.count) bytes it announces")
        }
        return bytes.prefix(member.count)
    }
}
