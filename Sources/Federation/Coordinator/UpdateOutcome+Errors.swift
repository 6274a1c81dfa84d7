import Messages
import UpdateCodec

extension FederationError {
    /// The answer to an update that the accumulator refuses.
    var updateOutcome: UpdateOutcome {
        switch self {
        case .shapeMismatch: .wrongShape
        case .notFinite: .notFinite
        case .outOfRange, .weightOutOfRange: .outOfRange
        default: .malformed
        }
    }
}

extension CodecError {
    /// The answer to an update that cannot be decoded.
    ///
    /// - Parameter decoded: what the decoder has left behind; a codec that sees NaN may stop with `corruptPayload`.
    func updateOutcome(decoded: [Float]) -> UpdateOutcome {
        switch self {
        case .notFinite: .notFinite
        // The header's checksum covers the shape of the model.
        case .corruptHeader, .countMismatch, .layoutMismatch: .wrongShape
        case .corruptPayload where decoded.contains(where: { !$0.isFinite }): .notFinite
        default: .malformed
        }
    }
}
