import Foundation
import SwiftProtobuf

extension CoordinatorMessage {
    /// The control frame.
    ///
    /// - Parameter payload: small enough to be in it; empty: none.
    public func encoded(with payload: [UInt8] = []) -> [UInt8] {
        let envelope = WireCoordinatorEnvelope.with {
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
        guard let envelope = try? WireCoordinatorEnvelope(serializedBytes: frame), let body = envelope.body else {
            throw .undecodable
        }
        return (try message(body), envelope.payload.isEmpty ? nil : Array(envelope.payload))
    }

    private var wire: WireCoordinatorEnvelope.OneOf_Body {
        switch self {
        case .welcome(let welcome): .welcome(welcome.wire)
        case .refusal(let refusal):
            .refusal(
                .with {
                    $0.reason = refusal.reason.wire
                    $0.detail = refusal.detail
                })
        case .announcement(let announcement): .announcement(announcement.wire)
        case .chunk(let chunk): .chunk(chunk.wire)
        case .receipt(let receipt):
            .receipt(
                .with {
                    $0.session = receipt.session.data
                    $0.outcome = receipt.outcome.wire
                })
        case .finish(let finish):
            .finish(
                .with {
                    $0.version = finish.version
                    $0.modelHash = finish.modelHash.data
                })
        case .sendOn(let point): .sendOn(point.wire)
        case .masking(let step): .masking(step.wire)
        case .roster(let part): .roster(part.wire)
        case .enrolled(let enrolled):
            .enrolled(
                .with {
                    $0.federation = enrolled.federation.data
                    $0.clientNumber = UInt32(enrolled.clientNumber)
                    $0.coordinatorIdentity = enrolled.coordinatorIdentity.data
                })
        }
    }

    private static func message(_ body: WireCoordinatorEnvelope.OneOf_Body) throws(MessageError) -> Self {
        switch body {
        case .welcome(let welcome): return .welcome(try Welcome(wire: welcome))
        case .refusal(let refusal):
            guard let reason = RefusalReason(wire: refusal.reason) else { throw .invalidField("refusal.reason") }
            return .refusal(Refusal(reason: reason, detail: try WireField.text(refusal.detail, "refusal.detail")))
        case .announcement(let announcement): return .announcement(try RoundAnnouncement(wire: announcement))
        case .chunk(let chunk): return .chunk(try WireField.chunk(chunk))
        case .receipt(let receipt):
            guard let outcome = UpdateOutcome(wire: receipt.outcome) else { throw .invalidField("receipt.outcome") }
            return .receipt(
                Receipt(session: try WireField.bytes(receipt.session, "receipt.session"), outcome: outcome))
        case .finish(let finish):
            return .finish(
                Finish(
                    version: finish.version, modelHash: try WireField.bytes(finish.modelHash, "finish.model_hash")))
        case .sendOn(let point): return .sendOn(try WireField.resume(point))
        case .masking(let step): return .masking(try MaskingStep(wire: step))
        case .roster(let part): return .roster(try RosterPart(wire: part))
        case .enrolled(let enrolled):
            return .enrolled(
                Enrolled(
                    federation: try WireField.bytes(enrolled.federation, "enrolled.federation"),
                    clientNumber: Int(enrolled.clientNumber),
                    coordinatorIdentity: try WireField.bytes(
                        enrolled.coordinatorIdentity, "enrolled.coordinator_identity")))
        }
    }
}

extension CoordinatorMessage.Welcome {
    var wire: WireWelcome {
        .with {
            $0.federation = federation.data
            $0.clientNumber = UInt32(clientNumber)
            if let parameters { $0.parameters = Data(parameters) }
            if let resume { $0.resume = resume.wire }
        }
    }

    init(wire: WireWelcome) throws(MessageError) {
        self.init(
            federation: try WireField.bytes(wire.federation, "welcome.federation"),
            clientNumber: Int(wire.clientNumber),
            parameters: wire.parameters.isEmpty ? nil : Array(wire.parameters),
            resume: wire.hasResume ? try WireField.resume(wire.resume) : nil)
    }
}

extension CoordinatorMessage.RoundAnnouncement {
    var wire: WireRoundAnnouncement {
        .with {
            $0.round = round
            $0.attempt = attempt
            $0.version = version
            if let baseVersion { $0.baseVersion = baseVersion }
            $0.modelHash = modelHash.data
            $0.roundKey = roundKey.data
            $0.signature = signature.data
            let (seconds, attoseconds) = deadline.components
            $0.deadlineMilliseconds = UInt32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000)
            $0.byteCount = UInt32(byteCount)
            $0.chunkCount = UInt32(ProtocolLimits.chunkCount(of: byteCount))
            if let rosterHash { $0.rosterHash = rosterHash.data }
            if let predictionRound { $0.predictionRound = predictionRound }
        }
    }

    init(wire: WireRoundAnnouncement) throws(MessageError) {
        let byteCount = try WireField.count(
            UInt64(wire.byteCount), "announcement.byte_count", atMost: ProtocolLimits.transferByteCount)
        try WireField.chunkCount(wire.chunkCount, byteCount: byteCount)
        self.init(
            round: wire.round, attempt: wire.attempt, version: wire.version,
            baseVersion: wire.hasBaseVersion ? wire.baseVersion : nil,
            modelHash: try WireField.bytes(wire.modelHash, "announcement.model_hash"),
            roundKey: try WireField.bytes(wire.roundKey, "announcement.round_key"),
            signature: try WireField.bytes(wire.signature, "announcement.signature"),
            deadline: .milliseconds(Int64(wire.deadlineMilliseconds)), byteCount: byteCount,
            rosterHash: wire.rosterHash.isEmpty
                ? nil : try WireField.bytes(wire.rosterHash, "announcement.roster_hash"),
            predictionRound: wire.hasPredictionRound ? wire.predictionRound : nil)
    }
}

extension RefusalReason {
    private static let pairs: [(RefusalReason, WireRefusalReason)] = [
        (.protocolVersion, .protocolVersion), (.notEnrolled, .notEnrolled), (.tokenUsed, .tokenUsed),
        (.tokenExpired, .tokenExpired), (.malformed, .malformed), (.revoked, .revoked), (.tooLarge, .tooLarge),
    ]

    var wire: WireRefusalReason { Self.pairs.first { $0.0 == self }?.1 ?? .unspecified }

    init?(wire: WireRefusalReason) {
        guard let pair = Self.pairs.first(where: { $0.1 == wire }) else { return nil }
        self = pair.0
    }
}

extension UpdateOutcome {
    private static let pairs: [(UpdateOutcome, WireUpdateOutcome)] = [
        (.accepted, .accepted), (.late, .late), (.stale, .stale), (.equivocation, .equivocation),
        (.notInCohort, .notInCohort), (.authenticationFailed, .authenticationFailed), (.malformed, .malformed),
        (.wrongShape, .wrongShape), (.notFinite, .notFinite), (.outOfRange, .outOfRange), (.tooLarge, .tooLarge),
        (.tooStale, .tooStale),
    ]

    var wire: WireUpdateOutcome { Self.pairs.first { $0.0 == self }?.1 ?? .unspecified }

    init?(wire: WireUpdateOutcome) {
        guard let pair = Self.pairs.first(where: { $0.1 == wire }) else { return nil }
        self = pair.0
    }
}
