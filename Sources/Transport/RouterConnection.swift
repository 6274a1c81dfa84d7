import CZeroMQ
import Messages

/// One connection to the coordinator, from its acceptance on.
final class RouterConnection {
    /// Order of acceptance: of two connections of one key, the higher is the newer.
    let sequence: UInt64
    let file: Int32
    private let cookie: UInt64
    let acceptedAt: ContinuousClock.Instant
    /// The authenticated key and the route, known from the first message on.
    var bound: (peer: PeerID, routingID: [UInt8])?
    /// Nothing that it still sends is listened to.
    var isRefused = false
    /// The file is closed and its number may belong to another connection.
    var isGone = false
    /// Bytes on the connection of all messages received.
    var receivedCost: UInt64 = 0
    /// Heartbeats reported so far.
    var heartbeatCount = 0
    /// When the connection was last seen alive, and the bytes that had arrived by then.
    var alive: (at: ContinuousClock.Instant, byteCount: UInt64)
    /// Messages that libzmq has no room for yet.
    var outgoing = Queue<[[UInt8]]>()

    init(sequence: UInt64, file: Int32, now: ContinuousClock.Instant) {
        self.sequence = sequence
        self.file = file
        cookie = swiftlet_socket_cookie(file)
        acceptedAt = now
        alive = (now, 0)
    }

    /// Ends the connection; libzmq notices and cleans up. The cookie tells whether the file is still the same socket.
    func shutDown() {
        isRefused = true
        guard !isGone, cookie != 0, swiftlet_socket_cookie(file) == cookie else { return }
        _ = swiftlet_shutdown(file)
    }

    /// Bytes that have arrived and those of them that libzmq has not read; nil where TCP does not tell.
    func byteCounts() -> (received: UInt64, unread: UInt64)? {
        var received: UInt64 = 0
        var unread: UInt64 = 0
        guard !isGone, cookie != 0, swiftlet_socket_cookie(file) == cookie,
            swiftlet_tcp_bytes(file, &received, &unread) == 0
        else { return nil }
        return (received, unread)
    }
}
