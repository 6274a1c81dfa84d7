import CZeroMQ
import Glibc

/// Wakes the thread that waits on a `Poller`, from any other one.
final class Wake: Sendable {
    let file: Int32

    init() throws(TransportError) {
        file = swiftlet_wake_create()
        guard file >= 0 else { throw .last("eventfd") }
    }

    deinit { close(file) }

    func signal() { swiftlet_wake_signal(file) }
}

/// Waits for many files at a cost that does not depend on their number.
@safe struct Poller: ~Copyable {
    /// Token of the `Wake`, which nobody else may use.
    static let wakeToken = UInt64.max
    private let file: Int32
    private let wake: Wake

    init(_ wake: Wake) throws(TransportError) {
        let file = swiftlet_poll_create()
        guard file >= 0 else { throw .last("epoll_create1") }
        guard swiftlet_poll_add(file, wake.file, Self.wakeToken) == 0 else {
            close(file)
            throw .last("epoll_ctl")
        }
        self.file = file
        self.wake = wake
    }

    deinit { close(file) }

    func add(_ file: Int32, token: UInt64) throws(TransportError) {
        guard swiftlet_poll_add(self.file, file, token) == 0 else { throw .last("epoll_ctl") }
    }

    func remove(_ file: Int32) { _ = swiftlet_poll_remove(self.file, file) }

    /// The tokens of files that are readable, after waiting for at most `milliseconds`; forever with −1.
    func wait(milliseconds: Int32) -> [UInt64] {
        var tokens = [UInt64](repeating: 0, count: 64)
        let count = Int(swiftlet_poll_wait(file, milliseconds, &tokens))
        if tokens[..<count].contains(Self.wakeToken) { swiftlet_wake_drain(wake.file) }
        return Array(tokens[..<count])
    }
}
