/// What a channel reports to its owner.
public enum ChannelEvent: Hashable, Sendable {
    /// A peer is connected and authenticated; it may be sent to.
    case connected(PeerID)
    /// The last connection of a peer is gone.
    case disconnected(PeerID)
    /// One whole message of an authenticated peer; frames are capped but not yet decoded.
    case received(PeerID, frames: [[UInt8]])
    /// Bytes that the connection itself cost, outside of messages: handshakes and heartbeats. `peer` is nil for a
    /// handshake that failed.
    case overhead(PeerID?, WireOverhead)
}

/// Bytes on the connection that belong to no message.
public struct WireOverhead: Hashable, Sendable {
    /// What cost the bytes.
    public enum Kind: String, Hashable, Sendable, Codable { case handshake, heartbeat }
    /// What cost the bytes.
    public var kind: Kind
    /// From the client to the coordinator.
    public var upByteCount: Int
    /// From the coordinator to the client.
    public var downByteCount: Int

    /// Makes the value from its fields.
    public init(kind: Kind, upByteCount: Int, downByteCount: Int) {
        self.kind = kind
        self.upByteCount = upByteCount
        self.downByteCount = downByteCount
    }
}

/// Why a message could not be handed to a channel.
public enum ChannelError: Error, Hashable, Sendable {
    /// No connection to this peer.
    case unreachable(PeerID)
    /// More is waiting for this peer than the channel holds.
    case congested(PeerID)
    /// The channel is closed.
    case closed
}

/// Carries messages between peers that it has authenticated: ZeroMQ, memory, or a faulty network around either.
///
/// A coordinator's channel has many peers, a client's just one, the coordinator. A channel keeps the order of messages
/// to one peer and never delivers a message in part.
public protocol Channel: Sendable {
    /// What happened, in order. Bounded: a channel stops reading from the network while it is full.
    var events: Mailbox<ChannelEvent> { get }

    /// Hands over one message; returns once the channel owns it.
    ///
    /// - Parameter frames: one or two frames; large ones are not copied.
    func send(_ frames: [[UInt8]], to peer: PeerID) async throws(ChannelError)

    /// Ends the connection of a peer, for example when its key was revoked.
    func disconnect(_ peer: PeerID) async

    /// Sends what is waiting, within a bounded time, and closes; `events` ends.
    func close() async
}
