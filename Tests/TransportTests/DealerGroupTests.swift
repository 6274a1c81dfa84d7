import Messages
import TestSupport
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct DealerGroupTests {
    @Test func servesManyClientsOnOneThread() async throws {
        let fixture = try Fixture()
        let group = try DealerGroup(settings: fixture.settings)
        var clients: [PeerID: DealerChannel] = [:]
        for _ in 0..<200 {
            let keys = try fixture.allowedKeys()
            clients[keys.publicKey] = try group.connect(
                to: fixture.router.boundEndpoint, serverKey: fixture.keys.publicKey, keys: keys)
        }
        for (key, client) in clients {
            #expect(await fixture.next(client) == .connected(fixture.keys.publicKey))
            try await client.send([key.bytes], to: fixture.keys.publicKey)
        }
        var heard: Set<PeerID> = []
        while heard.count < clients.count {
            guard case .received(let peer, let frames)? = await fixture.next(fixture.router) else { continue }
            #expect(frames == [peer.bytes])
            heard.insert(peer)
            try await fixture.router.send([peer.bytes, peer.bytes], to: peer)
        }
        for (key, client) in clients {
            #expect(await fixture.next(client) == .received(fixture.keys.publicKey, frames: [key.bytes, key.bytes]))
        }
        await group.close()
        for client in clients.values { #expect(await fixture.next(client) == nil) }
        await fixture.router.close()
    }

    @Test func closingOneChannelLeavesTheOthers() async throws {
        let fixture = try Fixture()
        let group = try DealerGroup(settings: fixture.settings)
        let keys = [try fixture.allowedKeys(), try fixture.allowedKeys()]
        let clients = try keys.map {
            try group.connect(to: fixture.router.boundEndpoint, serverKey: fixture.keys.publicKey, keys: $0)
        }
        for (client, keys) in zip(clients, keys) { try await fixture.greet(client, keys) }
        await clients[0].close()
        #expect(await fixture.next(fixture.router) == .disconnected(keys[0].publicKey))
        try await clients[1].send([[4]], to: fixture.keys.publicKey)
        #expect(await fixture.next(fixture.router) == .received(keys[1].publicKey, frames: [[4]]))
        await group.close()
        await fixture.router.close()
    }

    @Test func aGroupEndsWithNobodyConnected() async throws {
        let server = try CurveKeys.generate()
        let group = try DealerGroup()
        let client = try group.connect(
            to: "tcp://127.0.0.1:1", serverKey: server.publicKey, keys: try CurveKeys.generate())
        await group.close()
        #expect(await client.events.next() == nil)
    }

    @Test func settingsAreChecked() {
        var settings = TransportSettings()
        settings.heartbeatTimeout = settings.heartbeatInterval
        #expect(throws: TransportError.invalidSetting("heartbeatTimeout")) {
            _ = try DealerGroup(settings: settings)
        }
    }

    @Test func secretKeysAreNotPrinted() throws {
        var printed = ""
        dump(try CurveKeys.generate(), to: &printed)
        #expect(!printed.contains("secretKey"))
    }
}
