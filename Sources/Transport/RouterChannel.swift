import CZeroMQ
import Foundation
import Messages

/// The coordinator's end: one ZeroMQ ROUTER socket with CURVE, served by a thread of its own.
///
/// A peer is known by the CURVE key that its connection was authenticated with, never by a routing id or by what a
/// message says. The newest connection of a key wins; the older one is closed. `connected` follows with the first
/// message of a connection, because until then a ROUTER has no route to it.
public final class RouterChannel: Channel {
    /// What happened, in order; the channel stops reading from the network while it is full.
    public let events: Mailbox<ChannelEvent>
    /// Where the channel listens, with the real port where a wildcard was asked for.
    public let boundEndpoint: String
    private let outbox: Outbox

    /// Binds the authentication handler, then the socket, and starts serving.
    ///
    /// - Parameters:
    ///   - endpoint: `tcp://address:port` (`*` for any) or `ipc://path`.
    ///   - keys: the coordinator's.
    ///   - settings: limits and times.
    ///   - authorize: whether a key may connect, and go on sending: asked at each connection and at each message, on the
    ///     channel's thread; it must be quick.
    public init(
        bind endpoint: String, keys: CurveKeys, settings: TransportSettings = TransportSettings(),
        authorize: @escaping @Sendable (PeerID) -> Bool
    ) throws(TransportError) {
        try Endpoint.validate(endpoint)
        try settings.validate()
        let wake = try Wake()
        let events = Mailbox<ChannelEvent>(capacity: settings.mailboxCapacity)
        let outbox = Outbox(byteLimit: settings.outgoingByteCount) { wake.signal() }
        let loop = try RouterLoop(
            endpoint: endpoint, keys: keys, settings: settings, authorize: authorize, events: events, outbox: outbox,
            wake: wake)
        events.setOnSpace { wake.signal() }
        boundEndpoint = loop.boundEndpoint
        self.events = events
        self.outbox = outbox
        SocketThread.start("swiftlet-router", loop, { $0.run() }) {
            outbox.finish()
            events.end()
        }
    }

    deinit { outbox.beginClosing() }

    /// Hands over one message; it is dropped when the connection is lost before it was sent.
    public func send(_ frames: [[UInt8]], to peer: PeerID) async throws(ChannelError) {
        try outbox.send(frames, to: peer)
    }

    /// Closes the connection of a peer; a peer whose key is still allowed may come back.
    public func disconnect(_ peer: PeerID) async { outbox.disconnect(peer) }

    /// Sends what is waiting, within the linger time, and closes.
    public func close() async { await outbox.close() }
}
