import Foundation
import SwiftProtobuf

/// A part of the roster as a root key has signed it; what the whole holds is up to the masked lane.
public struct RosterPart: Hashable, Sendable {
    /// Most bytes of one part; all but the last have exactly so many.
    public static let bodyByteCount = 60_000
    /// Most bytes of the whole.
    public static let wholeByteCount = 1 << 20

    /// Bytes of the whole, 1 up to `wholeByteCount`.
    public let byteCount: Int
    /// Position of the part, from 0.
    public let index: Int
    /// Its bytes.
    public let body: [UInt8]

    /// The parts of a whole of 1 up to `wholeByteCount` bytes, in order.
    public static func parts(of whole: [UInt8]) -> [RosterPart] {
        precondition((1...wholeByteCount).contains(whole.count))
        return (0..<((whole.count + bodyByteCount - 1) / bodyByteCount)).map { index in
            RosterPart(byteCount: whole.count, index: index, body: Array(whole[range(index, of: whole.count)]))
        }
    }

    /// The whole so far with this part behind it; nil when the part is not the next one of the same whole.
    public func appended(to whole: [UInt8]) -> [UInt8]? {
        if index == 0 { return body }
        return whole.count == index * Self.bodyByteCount ? whole + body : nil
    }

    private static func range(_ index: Int, of byteCount: Int) -> Range<Int> {
        index * bodyByteCount..<min((index + 1) * bodyByteCount, byteCount)
    }

    private init(byteCount: Int, index: Int, body: [UInt8]) {
        self.byteCount = byteCount
        self.index = index
        self.body = body
    }
}

extension RosterPart {
    var wire: WireRosterPart {
        .with {
            $0.byteCount = UInt32(byteCount)
            $0.index = UInt32(index)
            $0.body = Data(body)
        }
    }

    init(wire: WireRosterPart) throws(MessageError) {
        let byteCount = try WireField.count(UInt64(wire.byteCount), "roster.byte_count", atMost: Self.wholeByteCount)
        let index = try WireField.count(
            UInt64(wire.index), "roster.index", atMost: Self.wholeByteCount / Self.bodyByteCount)
        guard index * Self.bodyByteCount < byteCount, wire.body.count == Self.range(index, of: byteCount).count else {
            throw .invalidField("roster.body")
        }
        self.init(byteCount: byteCount, index: index, body: Array(wire.body))
    }
}
