import Foundation
import SwiftProtobuf

extension ClientMessage {
    /// The control frame.
    ///
    /// - Parameter payload: small enough to be in it; empty: none.
    public func encoded(with payload: [UInt8] = []) -> [UInt8] {
        let envelope = WireClientEnvelope.with {
            $0.body = wire
            $0.payload = Data(payload)
        }
        guard let data = try? envelope.serializedData() else {
            preconditionFailure("a message without required fields always serializes")
        }
        return Array(data)
    }

    /// Reads and validates a control frame, whatever payload it has.
    public init(decoding frame: [UInt8]) throws(MessageError) { self = try Self.decoding(frame).message }

    /// Reads and validates a control frame and the payload in it, if there is one.
    static func decoding(_ frame: [UInt8]) throws(MessageError) -> (message: Self, payload: [UInt8]?) {
        guard let envelope = try? WireClientEnvelope(serializedBytes: frame), let body = envelope.body else {
            throw .undecodable
        }
        return (try message(body), envelope.payload.isEmpty ? nil : Array(envelope.payload))
    }

    private var wire: WireClientEnvelope.OneOf_Body {
        switch self {
        case .hello(let hello): .hello(hello.wire)
        case .join(let join):
            .join(
                .with {
                    $0.protocolVersion = join.protocolVersion
                    $0.transportKey = join.transportKey.data
                    $0.identityKey = join.identityKey.data
                    $0.name = join.name
                })
        case .update(let header): .update(header.wire)
        case .chunk(let chunk): .chunk(chunk.wire)
        case .modelRequest(let request):
            .modelRequest(
                .with {
                    $0.session = request.session.data
                    if let held = request.heldVersion { $0.heldVersion = held }
                })
        case .decline(let decline):
            .decline(
                .with {
                    $0.session = decline.session.data
                    $0.reason = decline.reason.wire
                })
        case .goodbye: .goodbye(.init())
        case .masking(let step): .masking(step.wire)
        }
    }

    private static func message(_ body: WireClientEnvelope.OneOf_Body) throws(MessageError) -> ClientMessage {
        switch body {
        case .hello(let hello): return .hello(try Hello(wire: hello))
        case .join(let join):
            return .join(
                Join(
                    protocolVersion: join.protocolVersion,
                    transportKey: try WireField.bytes(join.transportKey, "join.transport_key"),
                    identityKey: try WireField.bytes(join.identityKey, "join.identity_key"),
                    name: try WireField.text(join.name, "join.name")))
        case .update(let header): return .update(try UpdateHeader(wire: header))
        case .chunk(let chunk): return .chunk(try WireField.chunk(chunk))
        case .modelRequest(let request):
            return .modelRequest(
                ModelRequest(
                    session: try WireField.bytes(request.session, "model_request.session"),
                    heldVersion: request.hasHeldVersion ? request.heldVersion : nil))
        case .decline(let decline):
            guard let reason = DeclineReason(wire: decline.reason) else { throw .invalidField("decline.reason") }
            return .decline(
                Decline(session: try WireField.bytes(decline.session, "decline.session"), reason: reason))
        case .goodbye: return .goodbye
        case .masking(let step): return .masking(try MaskingStep(wire: step))
        }
    }
}

extension ClientMessage.Hello {
    var wire: WireHello {
        .with {
            $0.protocolVersion = protocolVersion
            $0.sessionKey = sessionKey.data
            if let parameterHash { $0.parameterHash = parameterHash.data }
            if let heldVersion { $0.heldVersion = heldVersion }
            $0.sampleCount = UInt64(sampleCount)
            $0.deviceProfile = deviceProfile
            if let resume { $0.resume = resume.wire }
            if let identityKey { $0.identityKey = identityKey.data }
            if let rosterEpoch { $0.rosterEpoch = rosterEpoch }
        }
    }

    init(wire: WireHello) throws(MessageError) {
        self.init(
            protocolVersion: wire.protocolVersion,
            sessionKey: try WireField.bytes(wire.sessionKey, "hello.session_key"),
            parameterHash: wire.parameterHash.isEmpty
                ? nil : try WireField.bytes(wire.parameterHash, "hello.parameter_hash"),
            heldVersion: wire.hasHeldVersion ? wire.heldVersion : nil,
            sampleCount: try WireField.count(wire.sampleCount, "hello.sample_count", atMost: 1 << 40),
            deviceProfile: try WireField.text(wire.deviceProfile, "hello.device_profile"),
            resume: wire.hasResume ? try WireField.resume(wire.resume) : nil,
            identityKey: wire.identityKey.isEmpty ? nil : try WireField.bytes(wire.identityKey, "hello.identity_key"),
            rosterEpoch: wire.hasRosterEpoch ? wire.rosterEpoch : nil)
    }
}

extension ClientMessage.UpdateHeader {
    var wire: WireUpdateHeader {
        .with {
            $0.session = session.data
            $0.resultID = resultID.data
            $0.sampleCount = UInt64(sampleCount)
            $0.trainingLoss = trainingLoss
            $0.byteCount = UInt32(byteCount)
            $0.chunkCount = UInt32(ProtocolLimits.chunkCount(of: byteCount))
        }
    }

    init(wire: WireUpdateHeader) throws(MessageError) {
        let byteCount = try WireField.count(
            UInt64(wire.byteCount), "update.byte_count", atMost: ProtocolLimits.transferByteCount)
        guard byteCount > 0 else { throw .invalidField("update.byte_count") }
        try WireField.chunkCount(wire.chunkCount, byteCount: byteCount)
        guard wire.trainingLoss.isFinite else { throw .invalidField("update.training_loss") }
        guard wire.sampleCount > 0 else { throw .invalidField("update.sample_count") }
        self.init(
            session: try WireField.bytes(wire.session, "update.session"),
            resultID: try WireField.bytes(wire.resultID, "update.result_id"),
            sampleCount: try WireField.count(wire.sampleCount, "update.sample_count", atMost: 1 << 40),
            trainingLoss: wire.trainingLoss, byteCount: byteCount)
    }
}

extension DeclineReason {
    private static let pairs: [(DeclineReason, WireDeclineReason)] = [
        (.busy, .busy), (.diverged, .diverged), (.noData, .noData), (.badAnnouncement, .badAnnouncement),
        (.failed, .failed), (.roster, .roster),
    ]

    var wire: WireDeclineReason { Self.pairs.first { $0.0 == self }?.1 ?? .unspecified }

    init?(wire: WireDeclineReason) {
        guard let pair = Self.pairs.first(where: { $0.1 == wire }) else { return nil }
        self = pair.0
    }
}
