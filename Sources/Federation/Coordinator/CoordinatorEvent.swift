import Messages

/// What happens to a coordinator.
public enum CoordinatorEvent: Sendable {
    /// The driver is ready; comes first and once.
    case started
    /// A peer is connected and authenticated. `wallSeconds` is the time of day in seconds since 1970, against which
    /// the expiry of tokens is held and nothing else.
    case connected(PeerID, wallSeconds: UInt64)
    /// The last connection of a peer is gone.
    case disconnected(PeerID)
    /// One whole message of a peer.
    case received(PeerID, frames: [[UInt8]])
    /// The time of the last `wake` has come; an early or late tick does no harm.
    case tick
    /// The answer to `evaluate`.
    case evaluated(version: UInt32, Evaluation)
    /// The operator changed the roster; holds the whole new one.
    case rosterChanged(Roster)
    /// Stop in good order; a restart goes on from the newest version.
    case stop
}
