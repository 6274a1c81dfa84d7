import Messages
import Synchronization
import TestSupport
import Testing
import Transport

/// Who may connect; changes while a channel runs.
final class AllowList: Sendable {
    private let keys: Mutex<Set<PeerID>>
    init(_ keys: [PeerID] = []) { self.keys = Mutex(Set(keys)) }
    func allow(_ key: PeerID) { keys.withLock { _ = $0.insert(key) } }
    func revoke(_ key: PeerID) { keys.withLock { _ = $0.remove(key) } }
    func contains(_ key: PeerID) -> Bool { keys.withLock { $0.contains(key) } }
}

/// A coordinator on a free port, and clients for it.
struct Fixture {
    let keys: CurveKeys
    let allowed: AllowList
    let router: RouterChannel
    let settings: TransportSettings

    init(_ change: (inout TransportSettings) -> Void = { _ in }) throws {
        var settings = TransportSettings()
        settings.reconnectMinimum = .milliseconds(10)
        settings.reconnectMaximum = .milliseconds(100)
        change(&settings)
        let allowed = AllowList()
        keys = try CurveKeys.generate()
        router = try RouterChannel(bind: "tcp://127.0.0.1:*", keys: keys, settings: settings) { allowed.contains($0) }
        self.allowed = allowed
        self.settings = settings
    }

    var port: UInt16 { UInt16(router.boundEndpoint.split(separator: ":").last ?? "") ?? 0 }

    func allowedKeys() throws -> CurveKeys {
        let keys = try CurveKeys.generate()
        allowed.allow(keys.publicKey)
        return keys
    }

    func client(_ keys: CurveKeys, port: UInt16? = nil, _ settings: TransportSettings? = nil) throws -> DealerChannel {
        try DealerChannel.connect(
            to: "tcp://127.0.0.1:\(port ?? self.port)", serverKey: self.keys.publicKey, keys: keys,
            settings: settings ?? self.settings)
    }

    /// A client whose first message has arrived at the coordinator.
    func connected(_ keys: CurveKeys, port: UInt16? = nil) async throws -> DealerChannel {
        let client = try client(keys, port: port)
        try await greet(client, keys)
        return client
    }

    func greet(_ client: DealerChannel, _ keys: CurveKeys) async throws {
        #expect(await next(client) == .connected(self.keys.publicKey))
        try await client.send([[0]], to: self.keys.publicKey)
        #expect(await next(router) == .connected(keys.publicKey))
        #expect(await next(router) == .received(keys.publicKey, frames: [[0]]))
    }

    func next(_ channel: any Channel) async -> ChannelEvent? { await ChannelConformance.nextEvent(channel) }
}
