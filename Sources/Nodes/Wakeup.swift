import Messages

/// One alarm that can be set anew; the last setting counts.
struct Wakeup {
    private var task: Task<Void, Never>?

    /// Calls `action` at `time`, in place of what was set before.
    mutating func set(at time: ContinuousClock.Instant, _ action: @escaping @Sendable () async -> Void) {
        task?.cancel()
        task = Task {
            guard (try? await Task.sleep(until: time, clock: .continuous)) != nil else { return }
            await action()
        }
    }

    /// Nothing is called any more.
    mutating func cancel() {
        task?.cancel()
        task = nil
    }
}
