import Foundation
import Synchronization

/// The life of a child: what it prints and how it ends, followed by a thread of its own.
final class ChildLife: Sendable {
    private struct State {
        var exitStatus: Int32?
        var waiting: [CheckedContinuation<Int32, Never>] = []
    }

    let identifier: pid_t
    private let state = Mutex(State())

    init(_ identifier: pid_t) { self.identifier = identifier }

    /// Reads the child's output to its end and waits for the child's.
    func follow(output: Int32, _ lines: AsyncStream<String>.Continuation) {
        let thread = Thread { [self] in
            Self.read(output, lines)
            close(output)
            lines.finish()
            reap()
        }
        thread.stackSize = 1 << 18
        thread.start()
    }

    /// Sends a signal, unless the child has ended.
    func signal(_ number: Int32) {
        // Under the lock the child is not reaped, so that its number still is its own.
        state.withLock { if $0.exitStatus == nil { _ = kill(identifier, number) } }
    }

    func exitStatus() async -> Int32 {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state -> Int32? in
                if state.exitStatus == nil { state.waiting.append(continuation) }
                return state.exitStatus
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    private func reap() {
        var information = siginfo_t()
        while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        let (status, waiting) = state.withLock { state in
            var word: Int32 = 0
            while waitpid(identifier, &word, 0) < 0, errno == EINTR {}
            let signal = word & 0x7f
            let status = signal == 0 ? word >> 8 & 0xff : -signal
            state.exitStatus = status
            defer { state.waiting = [] }
            return (status, state.waiting)
        }
        for continuation in waiting { continuation.resume(returning: status) }
    }

    private static func read(_ file: Int32, _ lines: AsyncStream<String>.Continuation) {
        var partial: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Foundation.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            for byte in buffer[..<count] {
                if byte == UInt8(ascii: "\n") {
                    lines.yield(String(decoding: partial, as: UTF8.self))
                    partial.removeAll(keepingCapacity: true)
                } else {
                    partial.append(byte)
                }
            }
        }
    }
}
