import Encryption
import Federation
import Foundation
import Messages
import Nodes
import Persistence
import TestSupport
import Testing

/// Secure aggregation between real processes.
@Suite(.serialized, .timeLimit(.minutes(1))) struct MaskedProcessTests {
    private static func federation() throws -> SmallFederation {
        var federation = try SmallFederation()
        federation.clients = 5
        federation.rounds = 6
        federation.compression = "{up: \"masked:rank=2,bits=4\", down: int8}"
        return federation
    }

    @Test func everyModeGivesTheSameModel() async throws {
        let federation = try Self.federation()
        let memory = try await federation.hash(mode: "memory")
        #expect(try await federation.hash(mode: "workers") == memory)
        #expect(try await federation.hash(mode: "processes") == memory)
    }

    /// What the killed client was last heard to do.
    @Test(arguments: ["round 2: training", "round 2: sent"])
    func roundsGoOnWithoutAKilledClient(moment: String) async throws {
        var federation = try Self.federation()
        // Of five clients four shares make a secret, of four three.
        federation.quorum = 3
        federation.deadline = 20
        try federation.prepare()
        let coordinator = try federation.startCoordinator()
        let clients = try (0..<federation.clients).map { try federation.startClient($0) }
        defer { for client in clients { client.kill() } }
        _ = try #require(await clients[4].line(beginning: moment))
        clients[4].kill()
        #expect(await clients[4].ending() == -SIGKILL)

        var finished: CoordinatorProgress.Finished?
        while let event = await coordinator.event() {
            if case .finished(let last) = event { finished = last }
        }
        #expect(try #require(finished).completed)
        #expect(await coordinator.ending() == 0)
        let stored = try CoordinatorStore(path: federation.folder.path("coordinator/federation.sqlite")).rounds()
        #expect(stored.map(\.round) == Array(1...federation.rounds))
        #expect(stored.first?.participants == [0, 1, 2, 3, 4])
        #expect(stored.dropFirst(2).allSatisfy { $0.participants == [0, 1, 2, 3] })
        for client in clients.dropLast() { #expect(await client.ending() == 0) }
        try Self.findsNoSecrets(federation)
    }

    /// Neither logs nor what the coordinator stores hold a client's long-lived secrets.
    private static func findsNoSecrets(_ federation: SmallFederation) throws {
        let secrets = try (0..<federation.clients).flatMap { number in
            let keys = try NodeIdentity.load(from: federation.folder.path("client-\(number)/client.key"), role: .client)
            return [keys.transport.secret.exposed(), keys.signing.seed.exposed()]
        }
        let coordinator = federation.folder.url.appendingPathComponent("coordinator")
        let stored = try FileManager.default.contentsOfDirectory(at: coordinator, includingPropertiesForKeys: nil)
        let logs = (0..<federation.clients).map(federation.log(client:))
        for file in logs + stored + [federation.folder.url.appendingPathComponent("coordinator.log")] {
            let contents = try Data(contentsOf: file)
            for secret in secrets {
                let hex = Data(PublicKeyBytes(unchecked: secret).hex.utf8)
                #expect(contents.range(of: Data(secret)) == nil && contents.range(of: hex) == nil, "\(file.path)")
            }
        }
    }
}
