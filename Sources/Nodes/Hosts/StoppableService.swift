import Logging
import ServiceLifecycle
import UnixSignals

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

    /// Runs the node until it ends or SIGINT or SIGTERM asks it to; a node that does not stop within ten seconds of that
    /// is cancelled.
    ///
    /// - Returns: what the node came to; nil when it was cancelled.
    public func untilSignalled(logger: Logger) async throws -> Outcome? {
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: self, successTerminationBehavior: .gracefullyShutdownGroup)],
            gracefulShutdownSignals: [.sigint, .sigterm], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(10)
        configuration.maximumCancellationDuration = .seconds(5)
        try await ServiceGroup(configuration: configuration).run()
        return result
    }
}
