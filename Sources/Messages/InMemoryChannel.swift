import Synchronization

/// A coordinator and its clients inside one process, without sockets: the same messages, the same events. Every connection
/// is counted with the handshake that it would take on TCP, so that bytes compare; there are no heartbeats.
public final class InMemoryNetwork: Sendable {
    private struct State {
        var clients: [PeerID: InMemoryChannel] = [:]
    }

    /// The coordinator's end.
    public let coordinator: InMemoryChannel
    private let state = Mutex(State())

    /// Makes a network with no clients yet.
    ///
    /// - Parameter coordinatorID: by which clients know the coordinator.
    public init(coordinatorID: PeerID) {
        coordinator = InMemoryChannel(identity: coordinatorID, isCoordinator: true)
        coordinator.setRoute { [weak self] peer in self?.state.withLock { $0.clients[peer] } }
        coordinator.setOnClose { [weak self] in self?.disconnectAll() }
    }

    /// Connects a client and tells both ends; a second connection of the same peer replaces the first, which is told.
    public func connect(_ peer: PeerID) -> InMemoryChannel {
        let channel = InMemoryChannel(identity: peer, isCoordinator: false)
        channel.setRoute { [weak self] target in self?.coordinator(for: channel, target) }
        channel.setOnClose { [weak self] in self?.disconnect(channel) }
        let replaced = state.withLock { $0.clients.updateValue(channel, forKey: peer) }
        replaced?.deliver(.disconnected(coordinator.identity))
        coordinator.deliver(.overhead(peer, ConnectionCost.handshake))
        coordinator.deliver(.connected(peer))
        channel.deliver(.connected(coordinator.identity))
        return channel
    }

    /// The coordinator, as long as the channel is its peer's newest.
    private func coordinator(for channel: InMemoryChannel, _ target: PeerID) -> InMemoryChannel? {
        guard target == coordinator.identity else { return nil }
        return state.withLock { $0.clients[channel.identity] === channel } ? coordinator : nil
    }

    private func disconnect(_ channel: InMemoryChannel) {
        let removed = state.withLock { state in
            guard state.clients[channel.identity] === channel else { return false }
            state.clients[channel.identity] = nil
            return true
        }
        guard removed else { return }
        coordinator.deliver(.disconnected(channel.identity))
    }

    private func disconnectAll() {
        let clients = state.withLock { state in
            defer { state.clients = [:] }
            return state.clients
        }
        for client in clients.values { client.deliver(.disconnected(coordinator.identity)) }
    }
}

/// One end of an `InMemoryNetwork`.
public final class InMemoryChannel: Channel {
    private struct State {
        var route: (@Sendable (PeerID) -> InMemoryChannel?)?
        var onClose: (@Sendable () -> Void)?
        var closed = false
    }

    /// By which the other end knows this one.
    public let identity: PeerID
    /// What happened, in order.
    public let events = Mailbox<ChannelEvent>(capacity: 1 << 20)
    private let state = Mutex(State())
    private let isCoordinator: Bool

    init(identity: PeerID, isCoordinator: Bool) {
        self.identity = identity
        self.isCoordinator = isCoordinator
    }

    func setRoute(_ route: @escaping @Sendable (PeerID) -> InMemoryChannel?) { state.withLock { $0.route = route } }
    func setOnClose(_ action: @escaping @Sendable () -> Void) { state.withLock { $0.onClose = action } }
    @discardableResult func deliver(_ event: ChannelEvent) -> Bool { events.offer(event) }

    /// Hands over one message; see `Channel`.
    public func send(_ frames: [[UInt8]], to peer: PeerID) async throws(ChannelError) {
        let (closed, route) = state.withLock { ($0.closed, $0.route) }
        guard !closed else { throw .closed }
        guard let target = route?(peer) else { throw .unreachable(peer) }
        guard target.deliver(.received(identity, frames: frames)) else { throw .congested(peer) }
    }

    /// Ends the connection of a peer.
    public func disconnect(_ peer: PeerID) async {
        guard let other = state.withLock({ $0.route })?(peer) else { return }
        // There is no way back in memory: whoever ends the connection, the client's channel ends with it.
        let (client, coordinator) = isCoordinator ? (other, self) : (self, other)
        client.deliver(.disconnected(coordinator.identity))
        await client.close()
    }

    /// Closes this end; the other one is told.
    public func close() async {
        let action = state.withLock { state -> (@Sendable () -> Void)? in
            state.closed = true
            defer { state.onClose = nil }
            return state.onClose
        }
        action?()
        events.end()
    }
}
