import CZeroMQ

/// What libzmq reports about the connections of one socket.
@safe struct SocketMonitor: ~Copyable {
    enum Event: Equatable {
        /// A server socket took a connection; it has this file descriptor until `.disconnected`.
        case accepted(file: Int32)
        /// A connection is authenticated.
        case handshakeSucceeded
        /// A connection is gone.
        case disconnected(file: Int32)
        /// An attempt to connect or to authenticate failed.
        case failed
    }

    private let pair: ZMQSocket

    /// Watches a socket; before it is bound or connected.
    init(_ socket: borrowing ZMQSocket, in context: ZMQContext, name: String) throws(TransportError) {
        let endpoint = "inproc://\(name)"
        let events =
            ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_CLOSED
            | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL
            | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH
        guard zmq_socket_monitor(socket.handle, endpoint, events) == 0 else { throw .last("zmq_socket_monitor") }
        let pair = try ZMQSocket(context, ZMQ_PAIR)
        // Without a bound: an I/O thread would wait for room, and with it every connection.
        try pair.set(ZMQ_RCVHWM, 0)
        try pair.connect(endpoint)
        self.pair = pair
    }

    var fileDescriptor: Int32 { pair.fileDescriptor }

    /// The next event; nil when there is none.
    func next(_ frame: borrowing ZMQFrame) -> Event? {
        while pair.receive(frame) {
            let bytes = frame.bytes
            while frame.hasMore, pair.receive(frame) {}
            guard bytes.count == 6 else { continue }
            let kind = Int32(bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt16.self) })
            let value = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 2, as: Int32.self) }
            switch kind {
            case ZMQ_EVENT_ACCEPTED: return .accepted(file: value)
            case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: return .handshakeSucceeded
            case ZMQ_EVENT_DISCONNECTED: return .disconnected(file: value)
            default: return .failed
            }
        }
        return nil
    }
}
