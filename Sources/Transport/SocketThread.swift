import Foundation

/// Runs a loop that owns sockets on a thread of its own.
enum SocketThread {
    private struct Handover<Loop>: @unchecked Sendable {
        // Unchecked: the loop is made by one thread, handed over once, and from then on used by the new thread alone.
        let loop: Loop
    }

    /// - Parameters:
    ///   - run: the whole life of the loop.
    ///   - finish: called after the loop and its sockets are gone.
    static func start<Loop: AnyObject>(
        _ name: String, _ loop: consuming Loop, _ run: @escaping @Sendable (Loop) -> Void,
        finish: @escaping @Sendable () -> Void
    ) {
        let slot = Slot(Handover(loop: loop))
        let thread = Thread {
            if let handover = slot.take() { run(handover.loop) }
            finish()
        }
        thread.name = name
        thread.start()
    }

    /// Gives its content away once, so that the thread's closure does not keep it alive.
    private final class Slot<Content: Sendable>: @unchecked Sendable {
        // Unchecked: written before the thread starts, and taken by that thread alone.
        private var content: Content?
        init(_ content: Content) { self.content = content }
        func take() -> Content? {
            defer { content = nil }
            return content
        }
    }
}
