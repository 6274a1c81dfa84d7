import Messages

/// What a frame on the wire is for: the key of `ByteLedger` and of `wire.by_kind` in `summary.json`.
///
/// The raw values are part of that format. Every kind travels in one direction only, but for those
/// of secure aggregation, `handshake` and `heartbeat`.
public enum WireKind: String, Hashable, Codable, CaseIterable, Sendable {
    // From a client to the coordinator.
    case hello
    case join
    /// The control frame that announces an update.
    case updateHeader = "update_header"
    /// The control frame in front of a later chunk of an update.
    case updateChunkHeader = "update_chunk_header"
    /// The sealed bytes of updates.
    case updatePayload = "update_payload"
    case modelRequest = "model_request"
    case decline
    case goodbye
    /// Frames that are no message of the contract.
    case malformed

    // From the coordinator to a client.
    case welcome
    case refusal
    case announcement
    /// The control frame in front of a later chunk of a model.
    case modelChunkHeader = "model_chunk_header"
    /// The bytes of models.
    case modelPayload = "model_payload"
    case receipt
    case finish
    case enrolled
    case sendOn = "send_on"
    /// The roster as the root key has signed it.
    case roster

    // Both ways: the steps of secure aggregation.
    /// Signed keys.
    case maskKeys = "mask_keys"
    /// Sealed shares.
    case maskShares = "mask_shares"
    /// The list of survivors, and the shares that are given away.
    case maskReveals = "mask_reveals"

    // Both ways, in no message.
    /// Setting up a connection: ZMTP greeting and CURVE handshake.
    case handshake
    case heartbeat

    /// Position in `allCases`.
    var index: Int { Self.indices[self] ?? 0 }
    private static let indices = Dictionary(uniqueKeysWithValues: zip(allCases, allCases.indices))

    /// The kind of a client's control frame.
    public init(_ message: ClientMessage) {
        switch message {
        case .hello: self = .hello
        case .join: self = .join
        case .update: self = .updateHeader
        case .chunk: self = .updateChunkHeader
        case .modelRequest: self = .modelRequest
        case .decline: self = .decline
        case .goodbye: self = .goodbye
        case .masking(let step): self.init(step.phase)
        }
    }

    /// The kind of a coordinator's control frame.
    public init(_ message: CoordinatorMessage) {
        switch message {
        case .welcome: self = .welcome
        case .refusal: self = .refusal
        case .announcement: self = .announcement
        case .chunk: self = .modelChunkHeader
        case .receipt: self = .receipt
        case .finish: self = .finish
        case .enrolled: self = .enrolled
        case .sendOn: self = .sendOn
        case .roster: self = .roster
        case .masking(let step): self.init(step.phase)
        }
    }

    private init(_ phase: MaskingStep.Phase) {
        switch phase {
        case .keys: self = .maskKeys
        case .shares: self = .maskShares
        case .unmasking: self = .maskReveals
        }
    }

    /// The kind of overhead that a channel reports.
    public init(_ kind: WireOverhead.Kind) {
        switch kind {
        case .handshake: self = .handshake
        case .heartbeat: self = .heartbeat
        }
    }
}
