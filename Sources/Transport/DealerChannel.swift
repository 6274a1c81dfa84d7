import Messages

/// A client's end: one ZeroMQ DEALER socket with CURVE. Its only peer is the coordinator.
///
/// A lost connection is made again after a pause that doubles from attempt to attempt. What had not been sent by then
/// is dropped: with a new connection, a conversation begins anew.
public final class DealerChannel: Channel {
    /// What happened, in order; the channel stops reading from the network while it is full.
    public let events: Mailbox<ChannelEvent>
    /// The coordinator, as this channel's peer.
    public let coordinator: PeerID
    private let outbox: Outbox
    // Held so that the thread lives as long as its channels.
    private let group: DealerGroup
    private let ownsGroup: Bool

    /// A single client with a thread of its own; see `DealerGroup` for many.
    ///
    /// - Parameters:
    ///   - endpoint: `tcp://host:port` or `ipc://path`.
    ///   - serverKey: the coordinator's CURVE key; nothing is ever sent to anybody else.
    ///   - keys: the client's own.
    ///   - settings: limits and times.
    public static func connect(
        to endpoint: String, serverKey: PeerID, keys: CurveKeys, settings: TransportSettings = TransportSettings()
    ) throws(TransportError) -> DealerChannel {
        try DealerGroup.single(DealerTarget(endpoint: endpoint, serverKey: serverKey, keys: keys), settings)
    }

    init(
        group: DealerGroup, inbox: DealerInbox, target: DealerTarget, settings: TransportSettings, ownsGroup: Bool
    ) {
        let id = inbox.nextID()
        let events = Mailbox<ChannelEvent>(capacity: settings.mailboxCapacity)
        events.setOnSpace { inbox.touch(id) }
        let outbox = Outbox(byteLimit: settings.outgoingByteCount) { inbox.touch(id) }
        self.events = events
        self.outbox = outbox
        self.group = group
        self.ownsGroup = ownsGroup
        coordinator = target.serverKey
        inbox.add(DealerInbox.Entry(id: id, target: target, events: events, outbox: outbox))
    }

    deinit { outbox.beginClosing() }

    /// Hands over one message; it is dropped when the connection is lost before it was sent.
    public func send(_ frames: [[UInt8]], to peer: PeerID) async throws(ChannelError) {
        try outbox.send(frames, to: peer)
    }

    /// Drops the connection; another one is made after the usual pause.
    public func disconnect(_ peer: PeerID) async { outbox.disconnect(peer) }

    /// Sends what is waiting, within the linger time, and closes.
    public func close() async {
        await outbox.close()
        if ownsGroup { await group.close() }
    }
}
