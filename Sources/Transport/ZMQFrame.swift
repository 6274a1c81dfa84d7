import CZeroMQ

/// One frame in libzmq's own memory, or lent to it.
@safe struct ZMQFrame: ~Copyable {
    /// Frames from this size on are lent instead of copied.
    private static let lendingByteCount = 4096
    let message: UnsafeMutablePointer<zmq_msg_t>

    /// An empty frame to receive into.
    init() {
        message = .allocate(capacity: 1)
        zmq_msg_init(message)
    }

    /// A frame with a content. A large array is retained until libzmq has encrypted it for the last peer.
    init(_ bytes: [UInt8]) {
        message = .allocate(capacity: 1)
        if bytes.count >= Self.lendingByteCount {
            lend(bytes)
        } else {
            zmq_msg_init_size(message, bytes.count)
            bytes.withUnsafeBytes { source in
                if let start = source.baseAddress {
                    zmq_msg_data(message)?.copyMemory(from: start, byteCount: source.count)
                }
            }
        }
    }

    deinit {
        zmq_msg_close(message)
        message.deallocate()
    }

    private func lend(_ bytes: [UInt8]) {
        // The storage of an array lives on the heap for as long as somebody holds it: the loan does, and nobody can
        // write to it, because a writer would copy storage that is shared.
        let loan = Loan(bytes)
        let owner = Unmanaged.passRetained(loan).toOpaque()
        loan.bytes.withUnsafeBytes { source in
            _ = zmq_msg_init_data(
                message, UnsafeMutableRawPointer(mutating: source.baseAddress), source.count,
                { _, owner in
                    if let owner { Unmanaged<Loan>.fromOpaque(owner).release() }
                }, owner)
        }
    }

    private final class Loan {
        let bytes: [UInt8]
        init(_ bytes: [UInt8]) { self.bytes = bytes }
    }

    var byteCount: Int { zmq_msg_size(message) }
    var hasMore: Bool { zmq_msg_more(message) == 1 }
    var bytes: [UInt8] { Array(UnsafeRawBufferPointer(start: zmq_msg_data(message), count: byteCount)) }

    /// The file descriptor of the connection that the frame came from.
    var sourceFile: Int32 { zmq_msg_get(message, ZMQ_SRCFD) }

    /// Metadata of the connection, such as the `User-Id` of ZAP; nil when there is none.
    func property(_ name: String) -> String? { zmq_msg_gets(message, name).map { String(cString: $0) } }
}
