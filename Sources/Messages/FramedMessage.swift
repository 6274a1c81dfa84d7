/// A message and the bulk payload that rides along with it.
public struct FramedMessage<Message: Hashable & Sendable>: Hashable, Sendable {
    /// The control part.
    public var message: Message
    /// Present exactly with announcements that carry a model, update headers and chunks.
    public var payload: [UInt8]?

    /// Makes the value from its fields.
    public init(_ message: Message, payload: [UInt8]? = nil) {
        self.message = message
        self.payload = payload
    }
}

extension FramedMessage where Message == ClientMessage {
    /// The frames to send: one, or two with a payload that is too large to be in the first.
    public func frames() -> [[UInt8]] {
        guard let payload else { return [message.encoded()] }
        return isSmall(payload) ? [message.encoded(with: payload)] : [message.encoded(), payload]
    }

    /// Reads and validates the frames of a message.
    ///
    /// - Throws: `MessageError` for anything that is not exactly one message of the contract.
    public init(frames: [[UInt8]]) throws(MessageError) {
        let (control, second) = try split(frames)
        let (message, first) = try ClientMessage.decoding(control)
        guard message.needsPayload ? (first == nil) != (second == nil) : first == nil && second == nil else {
            throw .payloadMismatch
        }
        self.init(message, payload: first ?? second)
    }
}

extension FramedMessage where Message == CoordinatorMessage {
    /// The frames to send: one, or two with a payload that is too large to be in the first.
    public func frames() -> [[UInt8]] {
        guard let payload else { return [message.encoded()] }
        return isSmall(payload) ? [message.encoded(with: payload)] : [message.encoded(), payload]
    }

    /// Reads and validates the frames of a message.
    ///
    /// - Throws: `MessageError` for anything that is not exactly one message of the contract.
    public init(frames: [[UInt8]]) throws(MessageError) {
        let (control, second) = try split(frames)
        let (message, first) = try CoordinatorMessage.decoding(control)
        guard message.needsPayload ? (first == nil) != (second == nil) : first == nil && second == nil else {
            throw .payloadMismatch
        }
        self.init(message, payload: first ?? second)
    }
}

extension ClientMessage {
    /// Whether a payload frame follows the control frame.
    public var needsPayload: Bool {
        switch self {
        case .update, .chunk: true
        default: false
        }
    }
}

extension CoordinatorMessage {
    /// Whether a payload frame follows the control frame.
    public var needsPayload: Bool {
        switch self {
        case .announcement(let announcement): announcement.byteCount > 0
        case .chunk: true
        default: false
        }
    }
}

/// Whether a payload travels in the control frame: a frame of its own would cost it 35 bytes or more.
private func isSmall(_ payload: [UInt8]) -> Bool { (1...ProtocolLimits.innerPayloadByteCount).contains(payload.count) }

private func split(_ frames: [[UInt8]]) throws(MessageError) -> (control: [UInt8], payload: [UInt8]?) {
    guard (1...ProtocolLimits.frameCount).contains(frames.count) else { throw .frameCount(frames.count) }
    let limits = [ProtocolLimits.controlByteCount, ProtocolLimits.payloadFrameByteCount]
    for (index, frame) in frames.enumerated() where frame.count > limits[index] {
        throw .tooLarge(frame: index, byteCount: frame.count, limit: limits[index])
    }
    return (frames[0], frames.count == 2 ? frames[1] : nil)
}
