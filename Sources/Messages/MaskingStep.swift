import Foundation
import SwiftProtobuf

/// One step of secure aggregation, in either direction; what the body holds is up to the masked lane.
public struct MaskingStep: Hashable, Sendable {
    /// Which exchange it belongs to.
    public enum Phase: String, Hashable, Sendable, CaseIterable {
        /// A client's signed keys; the signed keys of all.
        case keys
        /// Commitments and sealed shares; the shares for one client.
        case shares
        /// The signed list of survivors; the shares that are given away.
        case unmasking
    }

    /// Most bytes of a body.
    public static let bodyByteCount = 65_000

    /// The round attempt that this belongs to.
    public var session: SessionID
    /// Which exchange it belongs to.
    public var phase: Phase
    /// 1 up to `bodyByteCount` bytes.
    public var body: [UInt8]

    /// Makes the value from its fields.
    public init(session: SessionID, phase: Phase, body: [UInt8]) {
        self.session = session
        self.phase = phase
        self.body = body
    }
}

extension MaskingStep {
    private static let pairs: [(Phase, WireMaskingPhase)] = [
        (.keys, .keys), (.shares, .shares), (.unmasking, .unmasking),
    ]

    var wire: WireMaskingStep {
        .with {
            $0.session = session.data
            $0.phase = Self.pairs.first { $0.0 == phase }?.1 ?? .unspecified
            $0.body = Data(body)
        }
    }

    init(wire: WireMaskingStep) throws(MessageError) {
        guard let pair = Self.pairs.first(where: { $0.1 == wire.phase }) else { throw .invalidField("masking.phase") }
        guard (1...Self.bodyByteCount).contains(wire.body.count) else { throw .invalidField("masking.body") }
        self.init(
            session: try WireField.bytes(wire.session, "masking.session"), phase: pair.0, body: Array(wire.body))
    }
}
