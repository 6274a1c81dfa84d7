import Foundation
import Synchronization

/// A TCP proxy on the loopback interface that counts what passes in each direction, and can hold it back.
public final class ByteCountingProxy: Sendable {
    private struct State {
        var up = 0
        var down = 0
        var files: [Int32] = []
        var isStopped = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let listener: Int32
    private let targetPort: UInt16
    /// Where clients connect to instead of the target.
    public let port: UInt16

    /// Stands in front of a port of this machine; nil when the system gives no socket.
    public init?(target port: UInt16) {
        targetPort = port
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0 else { return nil }
        var address = Self.loopback(0)
        let bound = Self.withPointer(&address) { bind(listener, $0, $1) == 0 && listen(listener, 4096) == 0 }
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let named = Self.withPointer(&address) { pointer, _ in getsockname(listener, pointer, &size) == 0 }
        guard bound, named else { return nil }
        self.listener = listener
        self.port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in acceptAll() }
    }

    /// Bytes that clients have sent so far.
    public var upByteCount: Int { state.withLock { $0.up } }
    /// Bytes that clients were sent so far.
    public var downByteCount: Int { state.withLock { $0.down } }

    /// From now on, takes what comes and passes nothing on: both sides see a peer that is silent.
    public func stop() { state.withLock { $0.isStopped = true } }

    /// Ends all connections and listens no more.
    public func close() {
        let files = state.withLock { state in
            state.isClosed = true
            defer { state.files = [] }
            return state.files
        }
        for file in files + [listener] { shutdown(file, Int32(SHUT_RDWR)) }
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    private static func withPointer<Result>(
        _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private func acceptAll() {
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { break }
            let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = Self.loopback(targetPort)
            guard server >= 0, Self.withPointer(&address, { connect(server, $0, $1) }) == 0 else {
                Foundation.close(client)
                Foundation.close(server)
                continue
            }
            let closed = state.withLock { state in
                state.files += [client, server]
                return state.isClosed
            }
            if closed { break }
            Thread.detachNewThread { [self] in pump(client, server) { $0.up += $1 } }
            Thread.detachNewThread { [self] in pump(server, client) { $0.down += $1 } }
        }
        Foundation.close(listener)
    }

    private func pump(_ source: Int32, _ target: Int32, _ count: (inout State, Int) -> Void) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let received = recv(source, &buffer, buffer.count, 0)
            guard received > 0 else { break }
            let isStopped = state.withLock { state in
                if !state.isStopped { count(&state, received) }
                return state.isStopped
            }
            if isStopped { continue }
            var sent = 0
            while sent < received {
                let step = buffer[sent..<received].withUnsafeBytes {
                    Foundation.send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard step > 0 else { break }
                sent += step
            }
        }
        shutdown(source, Int32(SHUT_RDWR))
        shutdown(target, Int32(SHUT_RDWR))
    }
}
