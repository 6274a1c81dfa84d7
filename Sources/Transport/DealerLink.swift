import CZeroMQ
import Glibc
import Messages

/// One client of a group: its connection, while there is one, and the pauses between connections.
final class DealerLink {
    enum Outcome { case idle, eager, finished }

    private enum State {
        /// Waits for the next attempt.
        case pausing(until: ContinuousClock.Instant)
        case connecting(DealerSocket, until: ContinuousClock.Instant)
        case connected(DealerSocket, since: ContinuousClock.Instant)

        var socket: DealerSocket? {
            switch self {
            case .pausing: nil
            case .connecting(let socket, _), .connected(let socket, _): socket
            }
        }
    }

    /// Messages read in one go before other clients get their turn.
    private static let batchCount = 64

    private let entry: DealerInbox.Entry
    private let settings: TransportSettings
    private let context: ZMQContext
    private var events: EventQueue
    private var outgoing = Queue<[[UInt8]]>()
    private var state: State
    private var attempt = 0
    /// The connection ended, but what it brought is not read yet.
    private var isLost = false
    private var isClosing = false
    private var closingDeadline: ContinuousClock.Instant?

    init(_ entry: DealerInbox.Entry, _ settings: TransportSettings, _ context: ZMQContext) {
        self.entry = entry
        self.settings = settings
        self.context = context
        events = EventQueue(entry.events)
        state = .pausing(until: ContinuousClock().now)
    }

    /// When the link wants to be served even though nothing happens.
    var nextDeadline: ContinuousClock.Instant {
        let own =
            switch state {
            case .pausing(let until), .connecting(_, let until): until
            case .connected(_, let since): since + .seconds(1 << 30)
            }
        return closingDeadline.map { min(own, $0) } ?? own
    }

    func close() { isClosing = true }

    /// Ends the channel; the sockets are closed already.
    func finish() {
        entry.outbox.finish()
        entry.events.end()
    }

    /// Does all that can be done without waiting.
    func serve(_ now: ContinuousClock.Instant, _ poller: borrowing Poller) -> Outcome {
        events.retry()
        takeCommands(now, poller)
        if case .pausing(let until) = state, now >= until, !isClosing { connect(now, poller) }
        if case .connecting(_, let until) = state, now >= until { isLost = true }
        var more = false
        if let socket = state.socket {
            watch(socket, now)
            more = receive(socket)
            flush(socket)
            if isLost && !more && !events.isStalled {
                lose(now, poller)
            } else {
                more = more || (socket.dealer.hasInput && !events.isStalled)
            }
        }
        if isClosing { return closed(now, poller) ? .finished : .idle }
        return more ? .eager : .idle
    }

    private func takeCommands(_ now: ContinuousClock.Instant, _ poller: borrowing Poller) {
        let (commands, closing) = entry.outbox.take()
        isClosing = isClosing || closing
        for command in commands {
            switch command {
            case .send(let frames, let peer):
                if case .connected = state, peer == entry.target.serverKey { outgoing.append(frames) }
            case .disconnect(let peer):
                if peer == entry.target.serverKey, state.socket != nil { lose(now, poller) }
            }
        }
    }

    // MARK: Connection

    private func connect(_ now: ContinuousClock.Instant, _ poller: borrowing Poller) {
        attempt += 1
        do throws(TransportError) {
            let name = "dealer-\(entry.id)-\(attempt)-\(now.hashValue)"
            let socket = try DealerSocket(entry.target, settings, context, monitorName: name)
            try poller.add(socket.dealer.fileDescriptor, token: entry.id * 2)
            try poller.add(socket.monitor.fileDescriptor, token: entry.id * 2 + 1)
            try socket.dealer.connect(entry.target.endpoint)
            state = .connecting(socket, until: now + settings.handshakeTimeout * 2 + .seconds(1))
        } catch {
            // Out of files or memory: as transient as a coordinator that is away.
            state = .pausing(until: now + pause())
        }
    }

    /// The connection is over: tells the owner, forgets what was waiting, and pauses.
    private func lose(_ now: ContinuousClock.Instant, _ poller: borrowing Poller) {
        isLost = false
        if let socket = state.socket {
            poller.remove(socket.dealer.fileDescriptor)
            poller.remove(socket.monitor.fileDescriptor)
        }
        if case .connected(_, let since) = state {
            // Only a connection that lasted shows that the next one is worth trying soon.
            if now - since >= settings.heartbeatInterval { attempt = 0 }
            entry.outbox.disconnected(entry.target.serverKey)
            events.deliver(.disconnected(entry.target.serverKey))
        }
        outgoing.removeAll()
        state = .pausing(until: now + pause())
    }

    /// Doubles from attempt to attempt, less up to a half, so that clients do not all come back at once. What is taken
    /// off follows from the client's key, whose bytes are random, and the attempt.
    private func pause() -> Duration {
        let doubled = settings.reconnectMinimum * (1 << min(max(attempt - 1, 0), 20))
        let longest = min(doubled, settings.reconnectMaximum)
        let random = Int(entry.target.keys.publicKey.bytes[attempt % PeerID.byteCount])
        return longest - longest * random / 512
    }

    private func watch(_ socket: DealerSocket, _ now: ContinuousClock.Instant) {
        while let event = socket.monitor.next(socket.frame) {
            switch event {
            case .handshakeSucceeded:
                state = .connected(socket, since: now)
                entry.outbox.connected(entry.target.serverKey)
                events.deliver(.connected(entry.target.serverKey))
            case .disconnected, .failed: isLost = true
            case .accepted: break
            }
        }
    }

    // MARK: Messages

    /// Reads what is there; true when there may be more.
    private func receive(_ socket: DealerSocket) -> Bool {
        for _ in 0..<Self.batchCount {
            if events.isStalled { return false }
            guard socket.dealer.receive(socket.frame) else { return false }
            var frames = [socket.frame.bytes]
            var count = 1
            while socket.frame.hasMore, socket.dealer.receive(socket.frame) {
                count += 1
                if count <= settings.frameCount { frames.append(socket.frame.bytes) }
            }
            if count <= settings.frameCount {
                events.deliver(.received(entry.target.serverKey, frames: frames))
            } else {
                isLost = true
            }
        }
        return true
    }

    private func flush(_ socket: DealerSocket) {
        guard case .connected = state else { return }
        while let frames = outgoing.first {
            for (index, part) in frames.enumerated() {
                // Once the first frame has found room, libzmq has it for the others as well.
                if socket.dealer.send(part, more: index < frames.count - 1) == EAGAIN, index == 0 { return }
            }
            outgoing.removeFirst()
            entry.outbox.sent(Outbox.byteCount(frames), to: entry.target.serverKey)
        }
    }

    /// Closes once nothing waits to be sent, or when the linger time is over.
    private func closed(_ now: ContinuousClock.Instant, _ poller: borrowing Poller) -> Bool {
        let deadline = closingDeadline ?? now + settings.linger
        closingDeadline = deadline
        guard outgoing.isEmpty || now >= deadline, let socket = state.socket else { return state.socket == nil }
        poller.remove(socket.dealer.fileDescriptor)
        poller.remove(socket.monitor.fileDescriptor)
        if case .connected = state { try? socket.dealer.set(ZMQ_LINGER, max(0, (deadline - now).milliseconds)) }
        state = .pausing(until: deadline)
        return true
    }
}

/// The sockets of one connection.
final class DealerSocket {
    let dealer: ZMQSocket
    let monitor: SocketMonitor
    let frame = ZMQFrame()

    init(
        _ target: DealerTarget, _ settings: TransportSettings, _ context: ZMQContext, monitorName: String
    ) throws(TransportError) {
        let dealer = try ZMQSocket(context, ZMQ_DEALER)
        try dealer.set(ZMQ_CURVE_PUBLICKEY, bytes: target.keys.publicKey.bytes)
        try dealer.set(ZMQ_CURVE_SECRETKEY, bytes: target.keys.secretKey)
        try dealer.set(ZMQ_CURVE_SERVERKEY, bytes: target.serverKey.bytes)
        // Every attempt has a socket of its own, so that nothing of an old connection reaches a new one. libzmq is left
        // to reconnect in an hour rather than never: told never, it drops what it had received but nobody had read.
        try dealer.set(ZMQ_RECONNECT_IVL, 3_600_000)
        try dealer.set(ZMQ_HANDSHAKE_IVL, settings.handshakeTimeout.milliseconds)
        try dealer.set(ZMQ_CONNECT_TIMEOUT, settings.handshakeTimeout.milliseconds)
        try dealer.set(ZMQ_HEARTBEAT_IVL, settings.heartbeatInterval.milliseconds)
        let patience = settings.heartbeatTimeout - settings.heartbeatInterval
        try dealer.set(ZMQ_HEARTBEAT_TIMEOUT, patience.milliseconds)
        try dealer.set(ZMQ_HEARTBEAT_TTL, settings.heartbeatTimeout.milliseconds)
        try dealer.set(ZMQ_MAXMSGSIZE, wide: Int64(settings.frameByteCount + WireCost.curveByteCount))
        try dealer.set(ZMQ_RCVHWM, Int32(settings.peerMessageCount))
        try dealer.set(ZMQ_SNDHWM, Int32(settings.peerMessageCount))
        try dealer.set(ZMQ_IPV6, Endpoint.needsIPv6(target.endpoint) ? 1 : 0)
        let monitor = try SocketMonitor(dealer, in: context, name: monitorName)
        self.dealer = dealer
        self.monitor = monitor
    }
}
