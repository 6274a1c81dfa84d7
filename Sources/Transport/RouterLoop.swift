import CZeroMQ
import Glibc
import Messages

/// The thread of a `RouterChannel`: the only user of its sockets.
final class RouterLoop {
    /// Messages read in one go before anything else gets its turn.
    private static let batchCount = 512

    let settings: TransportSettings
    let authorize: @Sendable (PeerID) -> Bool
    let outbox: Outbox
    var events: EventQueue
    let boundEndpoint: String

    /// By file; libzmq reports the end of a connection before its number can be used again.
    var connections: [Int32: RouterConnection] = [:]
    /// Connections that ended, while messages of theirs may still wait to be read.
    var departures: [RouterConnection] = []
    var routes: [[UInt8]: RouterConnection] = [:]
    var peers: [PeerID: RouterConnection] = [:]
    /// Connections with messages that wait for room.
    private var congested: [UInt64: RouterConnection] = [:]
    private var sequence: UInt64 = 0

    let frame = ZMQFrame()
    private let poller: Poller
    // Properties go in this order: the socket first, so that it is never without its authentication handler, without
    // which libzmq would let every key in.
    let router: ZMQSocket
    private let monitor: SocketMonitor
    private let zap: ZAPHandler

    init(
        endpoint: String, keys: CurveKeys, settings: TransportSettings,
        authorize: @escaping @Sendable (PeerID) -> Bool, events: Mailbox<ChannelEvent>, outbox: Outbox, wake: Wake
    ) throws(TransportError) {
        let context = try ZMQContext(ioThreads: settings.ioThreads)
        let zap = try ZAPHandler(in: context, authorize: authorize)
        let router = try ZMQSocket(context, ZMQ_ROUTER)
        try Self.configure(router, endpoint, keys, settings)
        let monitor = try SocketMonitor(router, in: context, name: "router")
        try router.bind(endpoint)
        let poller = try Poller(wake)
        try poller.add(zap.fileDescriptor, token: 0)
        try poller.add(router.fileDescriptor, token: 1)
        try poller.add(monitor.fileDescriptor, token: 2)
        boundEndpoint = router.lastEndpoint
        self.settings = settings
        self.authorize = authorize
        self.events = EventQueue(events)
        self.outbox = outbox
        self.poller = poller
        self.zap = zap
        self.router = router
        self.monitor = monitor
    }

    private static func configure(
        _ router: borrowing ZMQSocket, _ endpoint: String, _ keys: CurveKeys, _ settings: TransportSettings
    ) throws(TransportError) {
        try router.set(ZMQ_CURVE_SERVER, 1)
        try router.set(ZMQ_CURVE_SECRETKEY, bytes: keys.secretKey)
        try router.set(ZMQ_ZAP_DOMAIN, bytes: Array(ZAPHandler.domain.utf8))
        try router.set(ZMQ_ROUTER_MANDATORY, 1)
        try router.set(ZMQ_ROUTER_HANDOVER, 0)
        try router.set(ZMQ_HANDSHAKE_IVL, settings.handshakeTimeout.milliseconds)
        try router.set(ZMQ_MAXMSGSIZE, wide: Int64(settings.frameByteCount + WireCost.curveByteCount))
        try router.set(ZMQ_RCVHWM, Int32(settings.peerMessageCount))
        try router.set(ZMQ_SNDHWM, Int32(settings.peerMessageCount))
        try router.set(ZMQ_BACKLOG, 4096)
        try router.set(ZMQ_IPV6, Endpoint.needsIPv6(endpoint) ? 1 : 0)
    }

    /// Serves until the channel is closed.
    func run() {
        let clock = ContinuousClock()
        var nextTick = clock.now + tickInterval
        var deadline: ContinuousClock.Instant?
        var wait: Int32 = 0
        while true {
            _ = poller.wait(milliseconds: wait)
            zap.serve(frame)
            events.retry()
            let (commands, closing) = outbox.take()
            commands.forEach(apply)
            drainMonitor()
            let more = receiveBatch()
            for connection in congested.values { flush(connection) }
            let now = clock.now
            if now >= nextTick {
                tick(now)
                nextTick = now + tickInterval
            }
            if closing {
                let end = deadline ?? now + settings.linger
                deadline = end
                if now >= end || (congested.isEmpty && !events.isStalled) { break }
            }
            // Asking for input also consumes the signal, so it is asked even while nothing may be read.
            let hasInput = router.hasInput && !events.isStalled
            let limit = closing || !congested.isEmpty ? 5 : max(1, (nextTick - now).milliseconds)
            wait = more || hasInput ? 0 : limit
        }
        finish(within: deadline.map { $0 - clock.now } ?? .zero, now: clock.now)
    }

    private var tickInterval: Duration {
        min(.milliseconds(200), max(.milliseconds(20), settings.heartbeatInterval / 4))
    }

    private func finish(within rest: Duration, now: ContinuousClock.Instant) {
        for connection in connections.values { reportHeartbeats(connection, now) }
        events.retry()
        try? router.set(ZMQ_LINGER, max(0, rest.milliseconds))
    }

    // MARK: Sending

    private func apply(_ command: Outbox.Command) {
        switch command {
        case .send(let frames, let peer):
            guard let connection = peers[peer] else { return outbox.sent(Outbox.byteCount(frames), to: peer) }
            connection.outgoing.append(frames)
            flush(connection)
        case .disconnect(let peer):
            if let connection = peers[peer] { release(connection) }
        }
    }

    private func flush(_ connection: RouterConnection) {
        guard let (peer, routingID) = connection.bound else { return }
        while let frames = connection.outgoing.first {
            if !connection.isRefused, router.send(routingID, more: true) == EAGAIN {
                congested[connection.sequence] = connection
                return
            }
            // After an error of the route, the socket takes no part of the message.
            connection.outgoing.removeFirst()
            outbox.sent(Outbox.byteCount(frames), to: peer)
            guard !connection.isRefused else { continue }
            for (index, part) in frames.enumerated() where router.send(part, more: index < frames.count - 1) != 0 {
                break
            }
        }
        congested[connection.sequence] = nil
    }

    // MARK: Connections

    func drainMonitor() {
        while let event = monitor.next(frame) {
            switch event {
            case .accepted(let file):
                sequence += 1
                connections[file] = RouterConnection(sequence: sequence, file: file, now: ContinuousClock().now)
            case .disconnected(let file):
                guard let connection = connections.removeValue(forKey: file) else { continue }
                connection.isGone = true
                departures.append(connection)
            case .handshakeSucceeded, .failed: continue
            }
        }
    }

    /// Reads what is there; true when there may be more.
    private func receiveBatch() -> Bool {
        for _ in 0..<Self.batchCount {
            if events.isStalled { return false }
            if !receiveMessage() {
                departures.forEach(depart)
                departures = []
                return false
            }
        }
        return true
    }
}
