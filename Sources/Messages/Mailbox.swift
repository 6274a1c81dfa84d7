import Synchronization

/// A bounded queue from any number of threads to one asynchronous reader.
///
/// A full mailbox refuses elements instead of dropping them: the producer keeps what it has, stops reading from its
/// source, and is told by `onSpace` when there is room again.
public final class Mailbox<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var head = 0
        var waiting: CheckedContinuation<Element?, Never>?
        var refused = false
        var ended = false
        var onSpace: (@Sendable () -> Void)?

        var count: Int { elements.count - head }

        mutating func takeFirst() -> Element {
            let element = elements[head]
            head += 1
            if head == elements.count || head > 1024 {
                elements.removeFirst(head)
                head = 0
            }
            return element
        }
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// Makes an empty mailbox that holds up to `capacity` elements.
    public init(capacity: Int) {
        precondition(capacity > 0)
        self.capacity = capacity
    }

    /// Sets what is called, on the reader's thread, when a mailbox that had refused an element has room again.
    public func setOnSpace(_ action: (@Sendable () -> Void)?) { state.withLock { $0.onSpace = action } }

    /// Adds an element; false when the mailbox is full. Elements after `end` are dropped, and true is returned.
    public func offer(_ element: Element) -> Bool {
        let (accepted, reader) = state.withLock { state -> (Bool, CheckedContinuation<Element?, Never>?) in
            if state.ended { return (true, nil) }
            if let reader = state.waiting {
                state.waiting = nil
                return (true, reader)
            }
            guard state.count < capacity else {
                state.refused = true
                return (false, nil)
            }
            state.elements.append(element)
            return (true, nil)
        }
        reader?.resume(returning: element)
        return accepted
    }

    /// No element follows; what is in the mailbox can still be read.
    public func end() {
        let reader = state.withLock { state -> CheckedContinuation<Element?, Never>? in
            state.ended = true
            defer { state.waiting = nil }
            return state.waiting
        }
        reader?.resume(returning: nil)
    }

    /// The next element, or nil after the end or when the reading task is cancelled. One reader at a time.
    public func next() async -> Element? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (ready, notify) = state.withLock { state -> (Element??, (@Sendable () -> Void)?) in
                    if state.count > 0 {
                        let element = state.takeFirst()
                        defer { state.refused = false }
                        return (.some(element), state.refused ? state.onSpace : nil)
                    }
                    if state.ended || Task.isCancelled { return (.some(nil), nil) }
                    precondition(state.waiting == nil, "a mailbox has one reader")
                    state.waiting = continuation
                    return (nil, nil)
                }
                if let ready { continuation.resume(returning: ready) }
                notify?()
            }
        } onCancel: {
            let reader = state.withLock { state -> CheckedContinuation<Element?, Never>? in
                defer { state.waiting = nil }
                return state.waiting
            }
            reader?.resume(returning: nil)
        }
    }
}
