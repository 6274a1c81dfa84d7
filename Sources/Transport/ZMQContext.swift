import CZeroMQ

/// A libzmq context; ends, waiting for at most the linger of its sockets, with its last socket.
final class ZMQContext: @unchecked Sendable {
    // Unchecked: libzmq's contexts are thread-safe.
    let handle: UnsafeMutableRawPointer

    init(ioThreads: Int) throws(TransportError) {
        guard zmq_has("curve") == 1 else { throw .noCurve }
        swiftlet_raise_file_limit()
        guard let handle = zmq_ctx_new() else { throw .last("zmq_ctx_new") }
        self.handle = handle
        zmq_ctx_set(handle, ZMQ_IO_THREADS, Int32(ioThreads))
        zmq_ctx_set(handle, ZMQ_MAX_SOCKETS, min(zmq_ctx_get(handle, ZMQ_SOCKET_LIMIT), 65_535))
    }

    deinit { zmq_ctx_term(handle) }
}

extension TransportError {
    /// The error of the libzmq call that has just failed on this thread.
    static func last(_ operation: String) -> TransportError {
        let code = zmq_errno()
        return .failed(operation: operation, errno: code, text: String(cString: zmq_strerror(code)))
    }
}
