import CZlib
import Foundation

/// Decompresses gzip (RFC 1952) front to back, where members that follow one another count as one stream, or the bare
/// DEFLATE stream (RFC 1951) of a zip member.
struct Inflater: ~Copyable {
    /// What is around the compressed data.
    enum Framing {
        case gzip
        /// Nothing: neither header nor checksum.
        case bare
    }

    /// What stopped the decompression.
    enum Failure: Error {
        /// The compressed bytes end before the stream does.
        case truncated
        /// The bytes are not valid, or the checksum differs.
        case corrupt(String)
    }

    /// The largest factor by which DEFLATE can shrink data (RFC 1951: 258 bytes from 2 bits).
    static let maximumRatio = 1032

    /// Compressed bytes consumed so far.
    private(set) var consumedCount = 0
    private let source: Data
    private let framing: Framing
    // zlib keeps a pointer back to this struct, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private var isFinished = false

    init(_ source: Data, framing: Framing = .gzip) {
        self.source = source
        self.framing = framing
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, plus 16 for "gzip only", negative for "bare". The one failure left is want of memory.
        let window: Int32 = framing == .gzip ? 15 + 16 : -15
        let status = inflateInit2_(stream, window, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib could not allocate its window")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Fills `target` from its start and returns how many bytes were written: fewer than it holds only at the end.
    mutating func read(into target: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
        var written = 0
        while written < target.count, !isFinished {
            let room = UnsafeMutableRawBufferPointer(rebasing: target[written...])
            let step = inflateOnce(into: room)
            written += step.written
            switch step.status {
            case Z_OK, Z_BUF_ERROR:
                if step.written == 0, consumedCount == source.count { throw .truncated }
            case Z_STREAM_END: try finishMember()
            default: throw .corrupt(stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(step.status)")
            }
        }
        return written
    }

    private mutating func inflateOnce(into room: UnsafeMutableRawBufferPointer) -> (status: Int32, written: Int) {
        source.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in
            let input = bytes.bindMemory(to: UInt8.self)
            let available = min(input.count - consumedCount, 1 << 30)
            let capacity = min(room.count, 1 << 30)
            stream.pointee.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0 + consumedCount) }
            stream.pointee.avail_in = UInt32(available)
            stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
            stream.pointee.avail_out = UInt32(capacity)
            let status = inflate(stream, Z_NO_FLUSH)
            consumedCount += available - Int(stream.pointee.avail_in)
            return (status, capacity - Int(stream.pointee.avail_out))
        }
    }

    private mutating func finishMember() throws(Failure) {
        guard framing == .gzip, consumedCount < source.count else {
            isFinished = true
            return
        }
        let start = source.startIndex + consumedCount
        guard source[start...].starts(with: ByteReader.gzipMagic) else {
            throw .corrupt("bytes that are not gzip follow the end of the stream")
        }
        inflateReset(stream)
    }
}
