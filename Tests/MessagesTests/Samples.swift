import Messages

/// One message of each kind, with and without its optional parts.
enum Samples {
    static let session = SessionID(unchecked: (0..<16).map { UInt8($0) })
    static let digest = Digest(unchecked: (0..<32).map { UInt8($0 * 3) })
    static let key = PublicKeyBytes(unchecked: (0..<32).map { UInt8($0 + 100) })

    static let client: [ClientMessage] =
        [
            .hello(.init(sessionKey: key, sampleCount: 0)),
            .hello(
                .init(
                    sessionKey: key, parameterHash: digest, heldVersion: 0, sampleCount: 1 << 40, deviceProfile: "m4-ü",
                    resume: ResumePoint(session: session, nextChunk: 16_384))),
            .join(
                .init(
                    transportKey: PeerID(unchecked: key.bytes), identityKey: key,
                    name: String(repeating: "n", count: ProtocolLimits.textByteCount))),
            .update(
                .init(
                    session: session, resultID: ResultID(unchecked: [1, 2, 3, 4, 5, 6, 7, 8]), sampleCount: 600,
                    trainingLoss: 0.25, byteCount: ProtocolLimits.transferByteCount)),
            .chunk(ChunkHeader(session: session, index: 1)),
            .modelRequest(.init(session: session, heldVersion: nil)),
            .modelRequest(.init(session: session, heldVersion: UInt32.max)),
            .goodbye,
            .hello(.init(sessionKey: key, sampleCount: 1, identityKey: key)),
            .hello(.init(sessionKey: key, sampleCount: 1, rosterEpoch: 0)),
            .hello(.init(sessionKey: key, sampleCount: 1, rosterEpoch: .max)),
        ] + steps.map { .masking($0) } + DeclineReason.allCases.map { .decline(.init(session: session, reason: $0)) }

    static let steps = MaskingStep.Phase.allCases.map { phase in
        MaskingStep(session: session, phase: phase, body: [UInt8](repeating: 5, count: 300))
    }

    static let rosterParts = RosterPart.parts(of: [7]) + RosterPart.parts(of: [UInt8](repeating: 5, count: 200))

    static let coordinator: [CoordinatorMessage] =
        [
            .welcome(.init(federation: FederationID(unchecked: session.bytes), clientNumber: 0, parameters: nil)),
            .welcome(
                .init(
                    federation: FederationID(unchecked: session.bytes), clientNumber: 99, parameters: Array("{}".utf8),
                    resume: ResumePoint(session: session, nextChunk: 0))),
            announcement(byteCount: 0, base: nil), announcement(byteCount: 1, base: 0),
            announcement(byteCount: ProtocolLimits.chunkByteCount + 1, base: 7),
            .chunk(ChunkHeader(session: session, index: 2)),
            .finish(.init(version: 3, modelHash: digest)),
            .enrolled(
                .init(federation: FederationID(unchecked: session.bytes), clientNumber: 5, coordinatorIdentity: key)),
        ]
        + steps.map { .masking($0) } + rosterParts.map { .roster($0) }
        + RefusalReason.allCases.map { .refusal(.init(reason: $0, detail: "why")) }
        + UpdateOutcome.allCases.map { .receipt(.init(session: session, outcome: $0)) }

    static func announcement(byteCount: Int, base: UInt32?) -> CoordinatorMessage {
        .announcement(
            .init(
                round: 4, attempt: 1, version: 8, baseVersion: base, modelHash: digest, roundKey: key,
                signature: SignatureBytes(unchecked: [UInt8](repeating: 9, count: 64)), deadline: .milliseconds(1500),
                byteCount: byteCount, rosterHash: base == nil ? digest : nil,
                predictionRound: base))
    }
}
