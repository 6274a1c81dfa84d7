import CZeroMQ
import Messages

extension RouterLoop {
    /// A message as it came from the socket.
    private struct Incoming {
        var routingID: [UInt8]
        /// The connection's key and file, from the metadata of the payload frame: that of the route's frame is not
        /// always there.
        var peer: PeerID?
        var file: Int32 = -1
        var frames: [[UInt8]] = []
        var frameCount = 0
        var cost = 0
    }

    /// Reads one message and reports it; false when there is none.
    func receiveMessage() -> Bool {
        guard router.receive(frame) else { return false }
        var incoming = Incoming(routingID: frame.bytes)
        while frame.hasMore, router.receive(frame) {
            if incoming.frameCount == 0 {
                incoming.peer = frame.property("User-Id").flatMap { PeerID(hex: $0) }
                incoming.file = frame.sourceFile
            }
            incoming.frameCount += 1
            incoming.cost += WireCost.frame(frame.byteCount)
            if incoming.frameCount <= settings.frameCount { incoming.frames.append(frame.bytes) }
        }
        accept(incoming)
        return true
    }

    private func accept(_ incoming: Incoming) {
        guard let connection = routes[incoming.routingID] ?? bind(incoming), let peer = connection.bound?.peer else {
            return
        }
        connection.receivedCost += UInt64(incoming.cost)
        guard !connection.isRefused else { return }
        guard incoming.frameCount <= settings.frameCount, authorize(peer) else { return release(connection) }
        events.deliver(.received(peer, frames: incoming.frames))
    }

    /// Finds the connection of a first message and makes it its peer's route; nil for a connection that is forgotten.
    private func bind(_ incoming: Incoming) -> RouterConnection? {
        guard let peer = incoming.peer, let connection = unboundConnection(incoming.file) else { return nil }
        connection.bound = (peer, incoming.routingID)
        routes[incoming.routingID] = connection
        events.deliver(.overhead(peer, ConnectionCost.handshake))
        if let current = peers[peer] {
            guard current.sequence < connection.sequence else {
                connection.shutDown()
                return connection
            }
            current.shutDown()
        }
        guard authorize(peer) else {
            connection.shutDown()
            return connection
        }
        peers[peer] = connection
        outbox.connected(peer)
        events.deliver(.connected(peer))
        return connection
    }

    private func unboundConnection(_ file: Int32) -> RouterConnection? {
        func find() -> RouterConnection? {
            // A number is given out again only after its connection ended, so one that ended is the older.
            if let gone = departures.first(where: { $0.file == file && $0.bound == nil }) { return gone }
            return connections[file].flatMap { $0.bound == nil ? $0 : nil }
        }
        if let connection = find() { return connection }
        drainMonitor()
        return find()
    }

    // MARK: Ends of connections

    /// Closes a connection and reports its peer gone; its further messages are not listened to.
    func release(_ connection: RouterConnection) {
        connection.shutDown()
        forget(connection)
    }

    /// The last word about a connection whose messages are all read.
    func depart(_ connection: RouterConnection) {
        guard let (_, routingID) = connection.bound else {
            return events.deliver(.overhead(nil, ConnectionCost.refusedHandshake))
        }
        reportHeartbeats(connection, ContinuousClock().now)
        routes[routingID] = nil
        forget(connection)
    }

    private func forget(_ connection: RouterConnection) {
        guard let peer = connection.bound?.peer, peers[peer] === connection else { return }
        peers[peer] = nil
        outbox.disconnected(peer)
        events.deliver(.disconnected(peer))
    }
}
