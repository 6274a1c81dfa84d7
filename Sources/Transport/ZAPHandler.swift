import CZeroMQ
import Messages

/// Decides which CURVE keys may connect (ZeroMQ RFC 27).
///
/// Without one, libzmq lets every key in: it is bound before the socket that it guards, and closed after it.
@safe struct ZAPHandler: ~Copyable {
    static let domain = "swiftlet"
    private let socket: ZMQSocket
    private let authorize: @Sendable (PeerID) -> Bool

    init(in context: ZMQContext, authorize: @escaping @Sendable (PeerID) -> Bool) throws(TransportError) {
        let socket = try ZMQSocket(context, ZMQ_REP)
        try socket.bind("inproc://zeromq.zap.01")
        self.socket = socket
        self.authorize = authorize
    }

    var fileDescriptor: Int32 { socket.fileDescriptor }

    /// Answers all requests that wait.
    func serve(_ frame: borrowing ZMQFrame) {
        while socket.receive(frame) {
            var request = [frame.bytes]
            while frame.hasMore, socket.receive(frame) { request.append(frame.bytes) }
            answer(request)
        }
    }

    /// Version, request id, domain, address, routing id, mechanism, and the client's key.
    private func answer(_ request: [[UInt8]]) {
        let requestID = request.count > 1 ? request[1] : []
        var accepted: PeerID?
        if request.count == 7, request[0] == Array("1.0".utf8), request[2] == Array(Self.domain.utf8),
            request[5] == Array("CURVE".utf8), let peer = PeerID(request[6]), authorize(peer)
        {
            accepted = peer
        }
        let reply = [
            Array("1.0".utf8), requestID, Array((accepted == nil ? "400" : "200").utf8), [],
            Array((accepted?.hex ?? "").utf8), [],
        ]
        for (index, part) in reply.enumerated() { _ = socket.send(part, more: index < reply.count - 1) }
    }
}
