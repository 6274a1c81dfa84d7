import Messages
import Synchronization

/// What the callers of a channel hand to its socket thread.
final class Outbox: Sendable {
    enum Command {
        case send(frames: [[UInt8]], to: PeerID)
        case disconnect(PeerID)
    }

    private struct State {
        var commands: [Command] = []
        /// Peers that are connected, and the bytes that wait for each.
        var waiting: [PeerID: Int] = [:]
        var closing = false
        var finished = false
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let byteLimit: Int
    private let notify: @Sendable () -> Void

    /// - Parameters:
    ///   - byteLimit: bytes that may wait for one peer.
    ///   - notify: wakes the socket thread.
    init(byteLimit: Int, notify: @escaping @Sendable () -> Void) {
        self.byteLimit = byteLimit
        self.notify = notify
    }

    static func byteCount(_ frames: [[UInt8]]) -> Int { frames.reduce(0) { $0 + WireCost.frame($1.count) } }

    // MARK: Callers

    func send(_ frames: [[UInt8]], to peer: PeerID) throws(ChannelError) {
        let byteCount = Self.byteCount(frames)
        let problem = state.withLock { state -> ChannelError? in
            guard !state.closing else { return .closed }
            guard let waiting = state.waiting[peer] else { return .unreachable(peer) }
            guard waiting + byteCount <= byteLimit else { return .congested(peer) }
            state.waiting[peer] = waiting + byteCount
            state.commands.append(.send(frames: frames, to: peer))
            return nil
        }
        if let problem { throw problem }
        notify()
    }

    func disconnect(_ peer: PeerID) {
        state.withLock { $0.commands.append(.disconnect(peer)) }
        notify()
    }

    func beginClosing() {
        state.withLock { $0.closing = true }
        notify()
    }

    func close() async {
        beginClosing()
        await withCheckedContinuation { continuation in
            let finished = state.withLock { state in
                if !state.finished { state.closers.append(continuation) }
                return state.finished
            }
            if finished { continuation.resume() }
        }
    }

    // MARK: Socket thread

    func take() -> (commands: [Command], closing: Bool) {
        state.withLock { state in
            let commands = state.commands
            state.commands = []
            return (commands, state.closing)
        }
    }

    func connected(_ peer: PeerID) { state.withLock { $0.waiting[peer] = 0 } }
    func disconnected(_ peer: PeerID) { state.withLock { $0.waiting[peer] = nil } }

    /// Bytes that no longer wait.
    func sent(_ byteCount: Int, to peer: PeerID) {
        state.withLock { state in
            // A message for a connection that was replaced may still be taken off the count of the new one.
            if let waiting = state.waiting[peer] { state.waiting[peer] = max(0, waiting - byteCount) }
        }
    }

    func finish() {
        let closers = state.withLock { state in
            state.closing = true
            state.finished = true
            state.waiting = [:]
            defer { state.closers = [] }
            return state.closers
        }
        for closer in closers { closer.resume() }
    }
}
