import Encryption
import Federation
import Foundation
import Messages
import Nodes
import Persistence
import TestSupport
import Testing

/// Who is let in, and who is not, through the real programs.
@Suite(.serialized, .timeLimit(.minutes(1))) struct EnrolmentTests {
    @Test func tokensLetClientsTrainOnTheirOwnFiles() async throws {
        let federation = try await OwnDataFederation(rounds: 3, minimumClients: 2)
        let coordinator = try await federation.serve()
        defer { coordinator.kill() }
        for kind in ["csv", "npy"] {
            let joined = try await federation.join(federation.token(), as: kind, kind: kind)
            #expect(joined.status == 0, "\(joined.errors)")
        }
        let clients = try ["csv", "npy"].map { try federation.start($0) }
        #expect(await clients[0].line(beginning: "round 3: accepted") != nil)
        #expect(await clients[1].line(beginning: "round 3: accepted") != nil)
        for client in clients { #expect(await client.ending() == 0) }
        #expect(await coordinator.ending() == 0)
    }

    @Test func tokenEnrolsOneClientOnly() async throws {
        let federation = try await OwnDataFederation(rounds: 1, minimumClients: 1)
        let coordinator = try await federation.serve()
        defer { coordinator.kill() }
        let token = try await federation.token()
        #expect(try await federation.join(token, as: "first").status == 0)
        let again = try await federation.join(token, as: "first")
        #expect(again.status == 0, "the same client may ask again: \(again.errors)")
        let second = try await federation.join(token, as: "second")
        #expect(second.status == 1)
        #expect(second.errors.contains("this token has enrolled another client"))
        #expect(!FileManager.default.fileExists(atPath: federation.folder.path("second/client.yaml")))
        #expect(try federation.roster().entries.map(\.name) == ["first"])
    }

    @Test func expiredTokenIsRefusedOnBothSides() async throws {
        let federation = try await OwnDataFederation(rounds: 1, minimumClients: 1)
        let coordinator = try await federation.serve()
        defer { coordinator.kill() }
        let fresh = try EnrolmentToken(try await federation.token(), now: 0)
        func token(until expiry: UInt64) throws -> Encryption.EnrolmentToken {
            try EnrolmentToken(
                endpoint: fresh.endpoint, coordinatorTransportKey: fresh.coordinatorTransportKey,
                coordinatorIdentity: fresh.coordinatorIdentity, federation: fresh.federation, tokenKey: .generate(),
                expiry: expiry)
        }
        let old = try await federation.join(token(until: 1_000_000).text, as: "old")
        #expect(old.status == 1)
        #expect(old.errors.contains("expired"))
        // A client whose clock is slow takes the token for good; the coordinator knows better.
        let slow = try token(until: .max >> 1)
        try federation.store().add(
            Federation.EnrolmentToken(
                transportKey: PeerID(unchecked: slow.tokenKey.publicKey), expiry: 1_000_000))
        await #expect(throws: NodeError.self) {
            try await Enrolment.join(slow, as: .generate(.client), name: "slow", patience: .seconds(2))
        }
        #expect(try federation.roster().entries.isEmpty)
    }

    @Test func strangerIsNeverServed() async throws {
        var federation = try SmallFederation()
        federation.clients = 3
        federation.approved = 2
        try federation.prepare()
        let stranger = try federation.startClient(2)
        defer { stranger.kill() }
        let coordinator = try federation.startCoordinator()
        let clients = try (0..<2).map { try federation.startClient($0) }
        #expect(await coordinator.ending() == 0)
        for client in clients { #expect(await client.ending() == 0) }
        stranger.terminate()
        #expect(await stranger.line(beginning: "") == nil)
        #expect(await stranger.ending() == 0)
        let rounds = try CoordinatorStore(path: federation.folder.path("coordinator/federation.sqlite")).rounds()
        #expect(rounds.allSatisfy { $0.participants == [0, 1] })
    }

    @Test func approvalIsLearnedWhileServing() async throws {
        let federation = try await OwnDataFederation(rounds: 2, minimumClients: 1)
        let coordinator = try await federation.serve()
        defer { coordinator.kill() }
        let token = try await federation.token()
        // Joins to get a configuration, and goes on with keys that only an operator can let in.
        #expect(try await federation.join(token, as: "kitchen").status == 0)
        try FileManager.default.removeItem(atPath: federation.folder.path("kitchen/client.key"))
        let made = try await Programs.run(
            "swiftlet-client", ["keygen", "--out", federation.folder.path("kitchen/client.key")])
        let line = try #require(made.output.first { $0.hasPrefix("transport key") })
        let key = try #require(line.split(separator: " ").last)
        let client = try federation.start("kitchen")
        defer { client.kill() }
        #expect(try await federation.operate("approve", "--name", "new kitchen", "--key", String(key)).status == 0)
        #expect(await client.line(beginning: "connected as client 1") != nil)
        #expect(await client.ending() == 0)
        #expect(await coordinator.ending() == 0)
    }

    @Test func revokedClientIsShutOut() async throws {
        let federation = try await OwnDataFederation(rounds: 1_000_000, minimumClients: 2)
        let coordinator = try await federation.serve()
        defer { coordinator.kill() }
        for name in ["stays", "leaves"] { #expect(try await federation.join(federation.token(), as: name).status == 0) }
        let clients = try ["stays", "leaves"].map { try federation.start($0) }
        defer { for client in clients { client.kill() } }
        #expect(await clients[1].line(beginning: "round 2: accepted") != nil)
        #expect(try await federation.operate("revoke", "leaves").status == 0)
        #expect(await clients[1].ending() == 1)
        #expect(federation.errors("leaves").contains("withdrawn"))
        while let event = await coordinator.event() {
            if case .round(let progress) = event, progress.report.participants == [0] { break }
        }
        let back = try federation.start("leaves")
        coordinator.terminate()
        #expect(await coordinator.ending() == 75)
        back.terminate()
        #expect(await back.line(beginning: "") == nil)
    }

    @Test func keyFileThatOthersMayReadIsRefused() async throws {
        let federation = try SmallFederation()
        try federation.prepare()
        let key = federation.folder.path("client-0/client.key")
        #expect(chmod(key, 0o644) == 0)
        let client = try await Programs.run(
            "swiftlet-client", ["run", "--config", federation.folder.path("client-0.yaml")])
        #expect(client.status == 1)
        #expect(client.errors.contains("chmod 600 \(key)"))
    }
}

extension OwnDataFederation {
    func store() throws -> CoordinatorStore { try CoordinatorStore(path: folder.path("coordinator/federation.sqlite")) }

    func roster() throws -> Roster { try store().roster() }
}
