import ServiceLifecycle

/// Runs a node under a service group: a shutdown signal becomes a stop in good order.
public actor StoppableService<Outcome: Sendable>: Service {
    private let body: @Sendable () async throws -> Outcome
    private let stop: @Sendable () async -> Void
    /// What the node came to, once it ended.
    public private(set) var result: Outcome?

    /// Takes what runs and what asks it to stop.
    public init(run body: @escaping @Sendable () async throws -> Outcome, stop: @escaping @Sendable () async -> Void) {
        self.body = body
        self.stop = stop
    }

    /// Runs the node to its end.
    public func run() async throws {
        let stop = stop
        result = try await withGracefulShutdownHandler {
            try await body()
        } onGracefulShutdown: {
            Task { await stop() }
        }
    }
}
