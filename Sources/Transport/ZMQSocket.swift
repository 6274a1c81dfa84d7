import CZeroMQ
import Glibc

/// A libzmq socket, used by one thread at a time and closed when it goes out of scope.
@safe struct ZMQSocket: ~Copyable {
    let handle: UnsafeMutableRawPointer
    // Held so that the context outlives its sockets.
    private let context: ZMQContext

    init(_ context: ZMQContext, _ type: Int32) throws(TransportError) {
        guard let handle = zmq_socket(context.handle, type) else { throw .last("zmq_socket") }
        // Nothing lingers unless the owner says so: an abandoned socket must not hold up the process.
        var none: Int32 = 0
        zmq_setsockopt(handle, ZMQ_LINGER, &none, MemoryLayout<Int32>.size)
        self.handle = handle
        self.context = context
    }

    deinit { zmq_close(handle) }

    func set(_ option: Int32, _ value: Int32) throws(TransportError) {
        var value = value
        guard zmq_setsockopt(handle, option, &value, MemoryLayout<Int32>.size) == 0 else {
            throw .last("zmq_setsockopt \(option)")
        }
    }

    func set(_ option: Int32, wide value: Int64) throws(TransportError) {
        var value = value
        guard zmq_setsockopt(handle, option, &value, MemoryLayout<Int64>.size) == 0 else {
            throw .last("zmq_setsockopt \(option)")
        }
    }

    func set(_ option: Int32, bytes: [UInt8]) throws(TransportError) {
        guard zmq_setsockopt(handle, option, bytes, bytes.count) == 0 else { throw .last("zmq_setsockopt \(option)") }
    }

    func bind(_ endpoint: String) throws(TransportError) {
        guard zmq_bind(handle, endpoint) == 0 else { throw .last("binding \(endpoint)") }
    }

    func connect(_ endpoint: String) throws(TransportError) {
        guard zmq_connect(handle, endpoint) == 0 else { throw .last("connecting to \(endpoint)") }
    }

    /// What `bind` made of a wildcard.
    var lastEndpoint: String {
        var text = [CChar](repeating: 0, count: 1024)
        var count = text.count
        guard zmq_getsockopt(handle, ZMQ_LAST_ENDPOINT, &text, &count) == 0 else { return "" }
        return String(decoding: text.prefix(while: { $0 != 0 }).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Becomes readable when `hasInput` or room to send may have changed: after each use, look again before waiting.
    var fileDescriptor: Int32 { get32(ZMQ_FD) }

    var hasInput: Bool { get32(ZMQ_EVENTS) & Int32(ZMQ_POLLIN) != 0 }

    private func get32(_ option: Int32) -> Int32 {
        var value: Int32 = 0
        var count = MemoryLayout<Int32>.size
        return zmq_getsockopt(handle, option, &value, &count) == 0 ? value : 0
    }

    /// Receives one frame without waiting; false when there is none.
    func receive(_ frame: borrowing ZMQFrame) -> Bool { zmq_msg_recv(frame.message, handle, ZMQ_DONTWAIT) >= 0 }

    /// Sends one frame without waiting; 0, or the `errno` (`EAGAIN`: no room, `EHOSTUNREACH`: no such peer).
    func send(_ bytes: [UInt8], more: Bool) -> Int32 {
        let frame = ZMQFrame(bytes)
        let flags = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0)
        while zmq_msg_send(frame.message, handle, flags) < 0 {
            let code = zmq_errno()
            if code != EINTR { return code }
        }
        return 0
    }
}
