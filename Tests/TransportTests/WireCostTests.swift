import Messages
import TestSupport
import Testing
import Transport

/// The byte accounting against what a proxy sees.
@Suite(.timeLimit(.minutes(1))) struct WireCostTests {
    @Test(arguments: [
        [[Int]](), [[0]], [[1]], [[222], [223]], [[20, 300]], [[100, 65_552], [100, 65_552], [5]],
    ])
    func countsWhatTheProxySees(sizes: [[Int]]) async throws {
        let fixture = try Fixture {
            $0.heartbeatInterval = .seconds(100); $0.heartbeatTimeout = .seconds(200)
        }
        let keys = try fixture.allowedKeys()
        let proxy = try #require(ByteCountingProxy(target: fixture.port))
        let client = try await fixture.connected(keys, port: proxy.port)
        let messages = sizes.map { $0.map { [UInt8](repeating: 3, count: $0) } }
        for message in messages {
            try await client.send(message, to: fixture.keys.publicKey)
            #expect(await fixture.next(fixture.router) == .received(keys.publicKey, frames: message))
            try await fixture.router.send(message, to: keys.publicKey)
            #expect(await fixture.next(client) == .received(fixture.keys.publicKey, frames: message))
        }
        let cost = messages.joined().reduce(0) { $0 + WireCost.frame($1.count) }
        #expect(proxy.upByteCount == ConnectionCost.handshake.upByteCount + WireCost.frame(1) + cost)
        #expect(proxy.downByteCount == ConnectionCost.handshake.downByteCount + cost)
        await client.close()
        await fixture.router.close()
        proxy.close()
    }

    @Test func countsHeartbeats() async throws {
        let interval = Duration.milliseconds(50)
        let fixture = try Fixture {
            $0.heartbeatInterval = interval; $0.heartbeatTimeout = .seconds(20)
        }
        let keys = try fixture.allowedKeys()
        let proxy = try #require(ByteCountingProxy(target: fixture.port))
        let client = try await fixture.connected(keys, port: proxy.port)
        var reported = WireOverhead(kind: .heartbeat, upByteCount: 0, downByteCount: 0)
        while reported.upByteCount < 20 * ConnectionCost.heartbeat.upByteCount {
            guard case .overhead(keys.publicKey, let overhead)? = await fixture.router.events.next() else { continue }
            reported.upByteCount += overhead.upByteCount
            reported.downByteCount += overhead.downByteCount
        }
        let up = proxy.upByteCount - ConnectionCost.handshake.upByteCount - WireCost.frame(1)
        let down = proxy.downByteCount - ConnectionCost.handshake.downByteCount
        // Whole heartbeats of exactly this size; a timer that runs late may be some behind the clock.
        #expect(up.isMultiple(of: ConnectionCost.heartbeat.upByteCount))
        #expect(down.isMultiple(of: ConnectionCost.heartbeat.downByteCount))
        #expect(up > 0 && up <= 2 * reported.upByteCount)
        #expect(2 * up >= reported.upByteCount)
        await client.close()
        await fixture.router.close()
        proxy.close()
    }

    @Test func reportsEachHandshakeOnce() async throws {
        let fixture = try Fixture()
        let keys = try fixture.allowedKeys()
        let client = try fixture.client(keys)
        #expect(await fixture.next(client) == .connected(fixture.keys.publicKey))
        try await client.send([[1]], to: fixture.keys.publicKey)
        #expect(await fixture.router.events.next() == .overhead(keys.publicKey, ConnectionCost.handshake))
        #expect(await fixture.router.events.next() == .connected(keys.publicKey))
        await client.close()
        await fixture.router.close()
    }
}
