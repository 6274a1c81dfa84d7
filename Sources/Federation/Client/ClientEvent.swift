import Messages
import Tensors

/// What happens to a client.
public enum ClientEvent: Sendable {
    /// Connected to the coordinator and authenticated.
    case connected(PeerID)
    /// The connection is gone; the driver connects again by itself.
    case disconnected(PeerID)
    /// One whole message of the coordinator.
    case received(PeerID, frames: [[UInt8]])
    /// The answer to `prepare`: the shape of the model, and version 0 derived from the seed, `layout.count` values.
    case parametersReady(ParameterLayout, initialParameters: [Float])
    /// The answer to `prepare` when the model cannot be built; holds the reason.
    case preparationFailed(String)
    /// The answer to `train`.
    case trained(SessionID, TrainingResult)
    /// The answer to `train` when it did not work out.
    case trainingFailed(SessionID, DeclineReason)
    /// The time of the last `wake` has come; an early or late tick does no harm.
    case tick
}
