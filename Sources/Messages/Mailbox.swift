import Synchronization

/// A bounded queue from any number of producers to one asynchronous reader.
///
/// A full mailbox never drops anything: `offer` refuses, and the producer, a thread, keeps what it has, stops reading
/// from its source and is told by `onSpace` when there is room again; `put`, for tasks, waits for room.
public final class Mailbox<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var head = 0
        var reader: CheckedContinuation<Element?, Never>?
        var writers: [CheckedContinuation<Void, Never>] = []
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

    /// What a call of `next` found under the lock, to be acted on outside of it.
    private enum Found {
        case ready(Element?, writers: [CheckedContinuation<Void, Never>], onSpace: (@Sendable () -> Void)?)
        case waiting
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// Makes an empty mailbox that holds up to `capacity` elements, at least 1.
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
            if let reader = state.reader {
                state.reader = nil
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

    /// Adds an element, and waits for room while the mailbox is full.
    public func put(_ element: Element) async {
        while !offer(element) {
            await withCheckedContinuation { continuation in
                let full = state.withLock { state in
                    guard !state.ended, state.count >= capacity else { return false }
                    state.writers.append(continuation)
                    return true
                }
                if !full { continuation.resume() }
            }
        }
    }

    /// No element follows; what is in the mailbox can still be read.
    public func end() {
        let (reader, writers) = state.withLock { state in
            state.ended = true
            defer {
                state.reader = nil
                state.writers = []
            }
            return (state.reader, state.writers)
        }
        reader?.resume(returning: nil)
        for writer in writers { writer.resume() }
    }

    /// The next element, or nil after the end or when the reading task is cancelled. One reader at a time.
    public func next() async -> Element? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                switch take(orWait: continuation) {
                case .waiting: break
                case .ready(let element, let writers, let onSpace):
                    continuation.resume(returning: element)
                    for writer in writers { writer.resume() }
                    onSpace?()
                }
            }
        } onCancel: {
            let reader = state.withLock { state -> CheckedContinuation<Element?, Never>? in
                defer { state.reader = nil }
                return state.reader
            }
            reader?.resume(returning: nil)
        }
    }

    private func take(orWait continuation: CheckedContinuation<Element?, Never>) -> Found {
        state.withLock { state in
            if state.count > 0 {
                let element = state.takeFirst()
                defer {
                    state.refused = false
                    state.writers = []
                }
                return .ready(element, writers: state.writers, onSpace: state.refused ? state.onSpace : nil)
            }
            if state.ended || Task.isCancelled { return .ready(nil, writers: [], onSpace: nil) }
            precondition(state.reader == nil, "a mailbox has one reader")
            state.reader = continuation
            return .waiting
        }
    }
}
