import Encryption
import Federation
import Foundation
import Messages
import Nodes
import Persistence
import TestSupport
import Testing

/// A roster that a root key signs, between real processes.
@Suite(.serialized, .timeLimit(.minutes(1))) struct RootedProcessTests {
    private let root = NodeIdentity.generate(.root)

    private var rootKey: String { PublicKeyBytes(unchecked: root.signing.publicKey).hex }

    private func federation(rounds: Int, clients: [String], quorum: Int) async throws -> OwnDataFederation {
        let settings = """
            root_key: \(rootKey)
            quorum: \(quorum)
            deadline_seconds: 30
            compression: {up: "masked:support=random,keep=1,bits=8", down: int8}
            """
        let federation = try await OwnDataFederation(
            rounds: rounds, minimumClients: clients.count, settings: settings)
        try root.save(to: federation.folder.path("root.key"))
        return federation
    }

    private func enrol(_ names: [String], in federation: OwnDataFederation) async throws {
        for name in names {
            let joined = try await federation.join(federation.token(), as: name)
            #expect(joined.status == 0, "\(joined.errors)")
            let words = Fingerprint.words(of: root.signing.publicKey)
            #expect(joined.output.contains { $0.hasPrefix("root key") && $0.hasSuffix(words) })
            let file = try String(contentsOfFile: federation.folder.path(name + "/client.yaml"), encoding: .utf8)
            #expect(file.contains("root_key: \(rootKey)"))
        }
    }

    private func roster(_ federation: OwnDataFederation, _ arguments: String...) async throws -> Programs.Ending {
        try await Programs.run("swiftlet-coordinator", ["roster"] + arguments)
    }

    @Test func clientsThatJoinPinTheRootAndTrainOnceItHasSigned() async throws {
        let names = ["a", "b", "c"]
        let federation = try await federation(rounds: 2, clients: names, quorum: 3)
        let coordinator = try await federation.serve()
        defer { coordinator.kill() }
        try await enrol(names, in: federation)
        let clients = try names.map { try federation.start($0) }
        defer { for client in clients { client.kill() } }
        for client in clients { #expect(await client.line(beginning: "connected as client") != nil) }
        #expect(try federation.store().rounds().isEmpty, "nobody has signed yet")
        let signed = try await roster(
            federation, "sign", "--config", federation.folder.path("federation.yaml"), "--root",
            federation.folder.path("root.key"))
        #expect(signed.status == 0 && signed.output.first?.contains("with 3 clients is in use") == true)
        for client in clients {
            #expect(await client.line(beginning: "round 2: accepted") != nil)
            #expect(await client.ending() == 0)
        }
        #expect(await coordinator.ending() == 0)
        #expect(try federation.store().rounds().allSatisfy { $0.participants == [0, 1, 2] })
    }

    @Test func clientThatPinsAnotherRootRefusesTheRoster() async throws {
        let names = ["a", "b", "c", "d"]
        let federation = try await federation(rounds: 2, clients: names, quorum: 3)
        let coordinator = try await federation.serve()
        defer { coordinator.kill() }
        try await enrol(names, in: federation)
        let file = federation.folder.path("d/client.yaml")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let other = PublicKeyBytes(unchecked: SigningKeyPair.generate().publicKey).hex
        try federation.folder.write(text.replacing(rootKey, with: other).utf8, to: "d/client.yaml")
        try await importSigned(federation)
        let clients = try names.map { try federation.start($0) }
        defer { for client in clients { client.kill() } }
        let refusal = await clients[3].line(beginning: "roster refused")
        #expect(refusal?.contains("not signed by the pinned root key") == true)
        for client in clients { #expect(await client.ending() == 0) }
        #expect(await coordinator.ending() == 0)
        #expect(try federation.store().rounds().allSatisfy { $0.participants == [0, 1, 2] })
    }

    /// Export, sign elsewhere, import; a text that was changed on the way is refused.
    private func importSigned(_ federation: OwnDataFederation) async throws {
        let configuration = federation.folder.path("federation.yaml")
        let exported = try await roster(federation, "export", "--config", configuration)
        try federation.folder.write((exported.output.joined(separator: "\n") + "\n").utf8, to: "roster.txt")
        let signed = try await roster(
            federation, "sign", federation.folder.path("roster.txt"), "--root", federation.folder.path("root.key"))
        let text = signed.output.joined(separator: "\n") + "\n"
        try federation.folder.write(text.replacing(" approved ", with: " revoked ").utf8, to: "changed.signed")
        let changed = try await roster(
            federation, "import", federation.folder.path("changed.signed"), "--config", configuration)
        #expect(changed.status == 1 && changed.errors.contains("not signed by the root key"))
        #expect(try federation.roster().signed == nil)
        try federation.folder.write(text.utf8, to: "roster.signed")
        let imported = try await roster(
            federation, "import", federation.folder.path("roster.signed"), "--config", configuration)
        #expect(imported.status == 0, "\(imported.errors)")
        #expect(try federation.roster().signed?.identities.count == 4)
    }
}
