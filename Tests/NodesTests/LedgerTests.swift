import Configuration
import Foundation
import Nodes
import Reporting
import Synchronization
import TestSupport
import Testing

/// The ledger of a coordinator against what passed through a proxy in front of it.
@Suite(.timeLimit(.minutes(1))) struct LedgerTests {
    @Test(arguments: ["linear", "cnn1d-gestures"], ["float32", "int8"])
    func agreesWithTheBytesOnTheConnections(model: String, codec: String) async throws {
        var federation = try SmallFederation()
        federation.model = model
        federation.rounds = 3
        federation.epochs = 1
        federation.compression = "{up: \(codec), down: \(codec)}"
        try federation.prepare()
        let ending = Mutex<CoordinatorProgress.Finished?>(nil)
        let logger = Console.logger("tests")
        let coordinator = try CoordinatorHost(
            file: FederationFile(path: federation.federationFile), dataRoot: nil, logger: logger
        ) { event in
            if case .finished(let finished) = event { ending.withLock { $0 = finished } }
        }
        let proxy = try #require(ByteCountingProxy(target: federation.port))
        defer { proxy.close() }
        let clients = try (0..<federation.clients).map { number in
            try ClientHost(
                file: ClientFile(
                    text: federation.clientFile(number, port: proxy.port),
                    file: federation.folder.path("client-\(number).yaml")),
                dataRoot: nil, logger: logger, report: { _ in })
        }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for client in clients { tasks.addTask { _ = try await client.run() } }
            tasks.addTask { _ = try await coordinator.run() }
            try await tasks.waitForAll()
        }
        let finished = try #require(ending.withLock { $0 })
        let wire = WireSummary(ByteLedger(entries: finished.ledger))
        #expect(finished.completed)
        #expect(abs(wire.upBytes - proxy.upByteCount) * 200 <= proxy.upByteCount)
        #expect(abs(wire.downBytes - proxy.downByteCount) * 200 <= proxy.downByteCount)
    }
}
