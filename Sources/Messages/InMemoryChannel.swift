import Synchronization

/// A coordinator and its clients inside one process, without sockets: the same messages, the same events.
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
        coordinator = InMemoryChannel(identity: coordinatorID)
        coordinator.setRoute { [weak self] peer in self?.state.withLock { $0.clients[peer] } }
    }

    /// Connects a client and tells both ends; a second connection of the same peer replaces the first.
    public func connect(_ peer: PeerID) -> InMemoryChannel {
        let channel = InMemoryChannel(identity: peer)
        let coordinator = coordinator
        channel.setRoute { $0 == coordinator.identity ? coordinator : nil }
        channel.setOnClose { [weak self] in self?.disconnect(peer) }
        state.withLock { $0.clients[peer] = channel }
        coordinator.deliver(.connected(peer))
        channel.deliver(.connected(coordinator.identity))
        return channel
    }

    private func disconnect(_ peer: PeerID) {
        guard state.withLock({ $0.clients.removeValue(forKey: peer) }) != nil else { return }
        coordinator.deliver(.disconnected(peer))
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

    init(identity: PeerID) { self.identity = identity }

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
        guard let target = state.withLock({ $0.route })?(peer) else { return }
        await target.close()
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
