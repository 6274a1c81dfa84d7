import Messages

/// A connection to the coordinator.
struct Peer: Sendable {
    /// Number of the client; nil for a token and for an unknown key.
    var number: Int?
    /// Time of day at the connection, in seconds since 1970.
    var wallSeconds: UInt64
    /// Its greeting; nil before it.
    var hello: ClientMessage.Hello?
    /// Version that it is known to hold; nil: none that can be built on.
    var heldVersion: UInt32?
    /// Epoch of the signed roster that it is known to hold, 0 for none; nil: it pins no root key and gets none.
    var rosterEpoch: UInt64?
}
