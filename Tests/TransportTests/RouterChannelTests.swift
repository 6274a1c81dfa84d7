import Messages
import TestSupport
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct RouterChannelTests {
    @Test func conformsOverTCP() async throws {
        let fixture = try Fixture()
        let keys = try fixture.allowedKeys()
        try await ChannelConformance.check(
            .init(
                coordinator: fixture.router, client: try fixture.client(keys), coordinatorID: fixture.keys.publicKey,
                clientID: keys.publicKey))
    }

    @Test func conformsOverIPC() async throws {
        let endpoint = "ipc:///tmp/swiftlet-test-\(UInt64.random(in: 0...UInt64.max)).sock"
        let server = try CurveKeys.generate()
        let keys = try CurveKeys.generate()
        let router = try RouterChannel(bind: endpoint, keys: server) { $0 == keys.publicKey }
        let client = try DealerChannel.connect(to: endpoint, serverKey: server.publicKey, keys: keys)
        try await ChannelConformance.check(
            .init(coordinator: router, client: client, coordinatorID: server.publicKey, clientID: keys.publicKey))
    }

    @Test(arguments: [
        "inproc://a", "udp://127.0.0.1:1", "tcp://", "tcp://:1", "tcp://a", "tcp://a:65536", "", "ipc://",
    ])
    func refusesOtherEndpoints(endpoint: String) throws {
        let keys = try CurveKeys.generate()
        #expect(throws: TransportError.unsupportedEndpoint(endpoint)) {
            _ = try RouterChannel(bind: endpoint, keys: keys) { _ in true }
        }
        #expect(throws: TransportError.unsupportedEndpoint(endpoint)) {
            _ = try DealerChannel.connect(to: endpoint, serverKey: keys.publicKey, keys: keys)
        }
    }

    @Test func refusesAPortThatIsTaken() async throws {
        let fixture = try Fixture()
        #expect(throws: TransportError.self) {
            _ = try RouterChannel(bind: fixture.router.boundEndpoint, keys: fixture.keys) { _ in true }
        }
        await fixture.router.close()
    }

    @Test func anUnlistedKeyDeliversNothingUntilItIsListed() async throws {
        let fixture = try Fixture()
        let keys = try CurveKeys.generate()
        let client = try fixture.client(keys)
        // The refused handshake is all that the coordinator notices.
        #expect(await fixture.router.events.next() == .overhead(nil, ConnectionCost.refusedHandshake))
        await #expect(throws: ChannelError.unreachable(fixture.keys.publicKey)) {
            try await client.send([[1]], to: fixture.keys.publicKey)
        }
        fixture.allowed.allow(keys.publicKey)
        try await fixture.greet(client, keys)
        await client.close()
        await fixture.router.close()
    }

    @Test func aClientNeverTalksToAnotherServerKey() async throws {
        let fixture = try Fixture()
        let keys = try fixture.allowedKeys()
        let other = try CurveKeys.generate()
        let client = try DealerChannel.connect(
            to: fixture.router.boundEndpoint, serverKey: other.publicKey, keys: keys, settings: fixture.settings)
        for _ in 0..<2 {
            #expect(await fixture.router.events.next() == .overhead(nil, ConnectionCost.refusedHandshake))
        }
        await #expect(throws: ChannelError.unreachable(other.publicKey)) {
            try await client.send([[1]], to: other.publicKey)
        }
        await client.close()
        #expect(await fixture.next(client) == nil)
        await fixture.router.close()
    }

    @Test func theNewestConnectionOfAKeyWins() async throws {
        let fixture = try Fixture {
            $0.reconnectMinimum = .seconds(60); $0.reconnectMaximum = .seconds(60)
        }
        let keys = try fixture.allowedKeys()
        let first = try await fixture.connected(keys)
        let second = try await fixture.connected(keys)
        #expect(await fixture.next(first) == .disconnected(fixture.keys.publicKey))
        try await fixture.router.send([[5]], to: keys.publicKey)
        #expect(await fixture.next(second) == .received(fixture.keys.publicKey, frames: [[5]]))
        try await second.send([[6]], to: fixture.keys.publicKey)
        #expect(await fixture.next(fixture.router) == .received(keys.publicKey, frames: [[6]]))
        await first.close()
        await second.close()
        #expect(await fixture.next(fixture.router) == .disconnected(keys.publicKey))
        await fixture.router.close()
    }

    @Test func aRevokedKeyIsNotHeardAgain() async throws {
        let fixture = try Fixture()
        let keys = try fixture.allowedKeys()
        let client = try await fixture.connected(keys)
        fixture.allowed.revoke(keys.publicKey)
        try await client.send([[1]], to: fixture.keys.publicKey)
        #expect(await fixture.next(fixture.router) == .disconnected(keys.publicKey))
        #expect(await fixture.next(client) == .disconnected(fixture.keys.publicKey))
        await client.close()
        await fixture.router.close()
    }

    @Test func disconnectEndsAConnectionAtOnce() async throws {
        let fixture = try Fixture()
        let keys = try fixture.allowedKeys()
        let client = try await fixture.connected(keys)
        await fixture.router.disconnect(keys.publicKey)
        #expect(await fixture.next(fixture.router) == .disconnected(keys.publicKey))
        #expect(await fixture.next(client) == .disconnected(fixture.keys.publicKey))
        // The key is still listed, and the client comes back.
        try await fixture.greet(client, keys)
        await client.close()
        await fixture.router.close()
    }

    @Test func anOversizedFrameEndsTheConnection() async throws {
        let fixture = try Fixture {
            $0.frameByteCount = 1000; $0.reconnectMinimum = .seconds(60); $0.reconnectMaximum = .seconds(60)
        }
        let keys = try fixture.allowedKeys()
        let client = try await fixture.connected(keys)
        try await client.send([[UInt8](repeating: 1, count: 1000)], to: fixture.keys.publicKey)
        #expect(
            await fixture.next(fixture.router)
                == .received(keys.publicKey, frames: [[UInt8](repeating: 1, count: 1000)]))
        try await client.send([[UInt8](repeating: 1, count: 1001)], to: fixture.keys.publicKey)
        #expect(await fixture.next(fixture.router) == .disconnected(keys.publicKey))
        #expect(await fixture.next(client) == .disconnected(fixture.keys.publicKey))
        await client.close()
        await fixture.router.close()
    }

    @Test(arguments: [3, 1000, 1_000_000]) func tooManyFramesEndTheConnection(frameCount: Int) async throws {
        let fixture = try Fixture {
            $0.reconnectMinimum = .seconds(60); $0.reconnectMaximum = .seconds(60)
        }
        let keys = try fixture.allowedKeys()
        let client = try await fixture.connected(keys)
        try await client.send([[UInt8]](repeating: [], count: frameCount), to: fixture.keys.publicKey)
        #expect(await fixture.next(fixture.router) == .disconnected(keys.publicKey))
        #expect(await fixture.next(client) == .disconnected(fixture.keys.publicKey))
        await client.close()
        await fixture.router.close()
    }

    @Test func silenceEndsTheConnectionOnBothSides() async throws {
        let fixture = try Fixture {
            $0.heartbeatInterval = .milliseconds(100)
            $0.heartbeatTimeout = .milliseconds(400)
        }
        let keys = try fixture.allowedKeys()
        let proxy = try #require(ByteCountingProxy(target: fixture.port))
        let client = try await fixture.connected(keys, port: proxy.port)
        proxy.stop()
        #expect(await fixture.next(fixture.router) == .disconnected(keys.publicKey))
        #expect(await fixture.next(client) == .disconnected(fixture.keys.publicKey))
        await client.close()
        await fixture.router.close()
        proxy.close()
    }

    @Test func clientsComeBackToARestartedCoordinator() async throws {
        let fixture = try Fixture()
        let keys = try fixture.allowedKeys()
        let client = try await fixture.connected(keys)
        let endpoint = fixture.router.boundEndpoint
        await fixture.router.close()
        #expect(await fixture.next(client) == .disconnected(fixture.keys.publicKey))
        let restarted = try RouterChannel(bind: endpoint, keys: fixture.keys) { $0 == keys.publicKey }
        #expect(await fixture.next(client) == .connected(fixture.keys.publicKey))
        try await client.send([[2]], to: fixture.keys.publicKey)
        #expect(await fixture.next(restarted) == .connected(keys.publicKey))
        #expect(await fixture.next(restarted) == .received(keys.publicKey, frames: [[2]]))
        await client.close()
        await restarted.close()
    }

    @Test func aFullMailboxLosesNothing() async throws {
        let fixture = try Fixture { $0.mailboxCapacity = 4 }
        let keys = try fixture.allowedKeys()
        let client = try await fixture.connected(keys)
        for index in 0..<2000 {
            try await client.send(
                [[UInt8(index & 255)], [UInt8](repeating: 1, count: 2000)], to: fixture.keys.publicKey)
        }
        for index in 0..<2000 {
            guard case .received(_, let frames) = await fixture.next(fixture.router) else {
                Issue.record("message \(index) is missing")
                break
            }
            #expect(frames[0] == [UInt8(index & 255)])
        }
        await client.close()
        await fixture.router.close()
    }

    @Test func closesWithinTheLingerTime() async throws {
        let fixture = try Fixture { $0.linger = .milliseconds(200) }
        let keys = try fixture.allowedKeys()
        let proxy = try #require(ByteCountingProxy(target: fixture.port))
        let client = try await fixture.connected(keys, port: proxy.port)
        proxy.stop()
        for _ in 0..<400 {
            try await client.send([[UInt8](repeating: 1, count: 65_536)], to: fixture.keys.publicKey)
        }
        let elapsed = await ContinuousClock().measure { await client.close() }
        #expect(elapsed < .seconds(10))
        await fixture.router.close()
        proxy.close()
    }

    @Test func refusesMoreThanItMayHold() async throws {
        let fixture = try Fixture { $0.outgoingByteCount = 1000 }
        let keys = try fixture.allowedKeys()
        let client = try await fixture.connected(keys)
        let large = [UInt8](repeating: 1, count: 1000)
        await #expect(throws: ChannelError.congested(keys.publicKey)) {
            try await fixture.router.send([large], to: keys.publicKey)
        }
        await client.close()
        await fixture.router.close()
    }
}
