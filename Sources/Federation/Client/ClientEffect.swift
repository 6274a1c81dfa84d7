import Messages

/// What a client wants done; its driver does it in order.
public enum ClientEffect: Sendable {
    /// Send a message to the coordinator; it being gone is no error.
    case send(frames: [[UInt8]])
    /// Build the model and its version 0 and answer with `parametersReady` or `preparationFailed`.
    case prepare(FederationParameters)
    /// Train and answer with `trained` or `trainingFailed`.
    case train(TrainingTask)
    /// The result of this training is not wanted any more; an answer does no harm.
    case cancelTraining(SessionID)
    /// Store the state in one piece, before any later effect is done.
    case persist(ClientState)
    /// Call with `tick` at this time; a later one replaces it.
    case wake(at: Duration)
    /// Tell people what happened.
    case report(ClientReport)
    /// The federation is complete; nothing follows.
    case finished(CoordinatorMessage.Finish)
    /// The coordinator does not serve this client; nothing follows.
    case refused(RefusalReason, detail: String)
    /// This client cannot take part; nothing follows.
    case failed(String)
}
