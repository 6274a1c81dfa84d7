import Foundation

/// The rounds of a run as scalars that TensorBoard shows: a folder per arm with one event file.
///
/// A file is a sequence of records: length, its masked CRC32C, an `Event` in protobuf, its masked CRC32C (TFRecord, as
/// tensorflow/core/lib/io/record_writer.h describes it). Only the fields of scalars are written.
public struct EventFiles: Sendable {
    private let summary: RunSummary
    private let end: Date

    /// Takes a run that ended at a time.
    public init(_ summary: RunSummary, endedAt end: Date = Date()) {
        self.summary = summary
        self.end = end
    }

    /// Writes all files; folders are made where they are missing.
    public func write(to folder: URL) throws(ReportingError) {
        for arm in summary.arms {
            let place = folder.appendingPathComponent(arm.name, isDirectory: true)
            do {
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
                let file = place.appendingPathComponent("events.out.tfevents.0000000000.swiftlet")
                try Data(bytes(arm)).write(to: file, options: .atomic)
            } catch {
                throw .unwritable(path: place.path, cause: error.localizedDescription)
            }
        }
    }

    /// The event file of one arm.
    public func bytes(_ arm: ArmSummary) -> [UInt8] {
        let times = RoundClock.times(arm, endingAt: end)
        let start = (times.first ?? end.timeIntervalSince1970) - (arm.roundsLog.first?.seconds ?? 0)
        var file: [UInt8] = []
        file += Self.record(Self.time(start) + Self.field(3, Array("brain.Event:2".utf8)))
        var total = WireByteCount.zero
        for (log, time) in zip(arm.roundsLog, times) {
            total += log.byteCount
            let scalars: [(String, Double?)] = [
                ("accuracy/float", log.accuracy), ("accuracy/int8", log.int8Accuracy),
                ("bytes/up", Double(total.up)), ("bytes/down", Double(total.down)),
                ("bytes/total", Double(total.total)), ("round/seconds", log.seconds),
                ("round/participants", Double(log.participants)), ("round/link_seconds", log.linkSeconds),
            ]
            var values: [UInt8] = []
            for case (let tag, let value?) in scalars {
                values += Self.field(1, Self.field(1, Array(tag.utf8)) + Self.fixed(2, Float(value).bitPattern))
            }
            file += Self.record(Self.time(time) + [2 << 3] + Self.varint(log.round) + Self.field(5, values))
        }
        return file
    }

    // MARK: Protobuf

    private static func time(_ seconds: Double) -> [UInt8] { [1 << 3 | 1] + bytes(seconds.bitPattern) }

    private static func fixed(_ number: UInt8, _ value: UInt32) -> [UInt8] { [number << 3 | 5] + bytes(value) }

    private static func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
        [number << 3 | 2] + varint(content.count) + content
    }

    private static func varint(_ value: Int) -> [UInt8] {
        var rest = UInt64(value)
        var result: [UInt8] = []
        while rest > 127 {
            result.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        return result + [UInt8(rest)]
    }

    private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    // MARK: Records

    private static func record(_ event: [UInt8]) -> [UInt8] {
        let length = bytes(UInt64(event.count))
        return length + bytes(masked(length)) + event + bytes(masked(event))
    }

    /// The checksum rotated and shifted, as the format asks for.
    private static func masked(_ content: [UInt8]) -> UInt32 {
        let checksum = castagnoli(content)
        return (checksum >> 15 | checksum << 17) &+ 0xa282_ead8
    }

    /// CRC32C (RFC 3720, appendix B.4), bit by bit: event files are small.
    static func castagnoli(_ content: [UInt8]) -> UInt32 {
        var state = UInt32.max
        for byte in content {
            state ^= UInt32(byte)
            for _ in 0..<8 { state = state & 1 == 1 ? state >> 1 ^ 0x82f6_3b78 : state >> 1 }
        }
        return ~state
    }
}
