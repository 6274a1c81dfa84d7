import Messages
import Privacy

/// The masked lane of one attempt at a round, on a client.
struct MaskedSession: Sendable {
    var client: MaskingClient
    /// The shares of the others are here: uploads may be masked.
    var isReady = false
    /// What was trained before that.
    var trained: TrainingResult?
    /// The masked update.
    var upload: [UInt8]?
    /// The newest step that was sent, for repeats.
    var step: MaskingStep
    /// The step waits for its answer.
    var isWaiting = true
}
