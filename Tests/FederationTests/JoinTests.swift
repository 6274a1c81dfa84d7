import Federation
import Messages
import Testing

struct JoinTests {
    private let token = Fixtures.peer(500)
    private let newcomer = Fixtures.peer(501)

    private func bench(clients: Int = 2) throws -> Bench {
        let tokens = [EnrolmentToken(transportKey: token, expiry: 1000)]
        let roster = Roster(entries: Fixtures.roster(clients).entries, tokens: tokens)
        return try Bench(LinearModel(), policy: Fixtures.policy(rounds: 1, clients: 10), roster: roster)
    }

    private func join(_ key: PeerID, identity: UInt8 = 1, version: UInt32 = 1) -> [[UInt8]] {
        let identityKey = PublicKeyBytes(unchecked: [UInt8](repeating: identity, count: 32))
        return FramedMessage<ClientMessage>(
            .join(.init(protocolVersion: version, transportKey: key, identityKey: identityKey, name: "new"))
        ).frames()
    }

    private func refusal(_ bench: Bench, _ peer: PeerID) throws -> RefusalReason? {
        guard case .refusal(let refusal)? = try bench.messages(to: peer).first else { return nil }
        #expect(bench.effects.contains { if case .disconnect(peer) = $0 { true } else { false } })
        return refusal.reason
    }

    @Test func tokenEnrolsOneClientAndAnswersRepeatsAlike() throws {
        var bench = try bench()
        bench.handle(.connected(token, wallSeconds: 999))
        bench.handle(.received(token, frames: join(newcomer)))
        guard case .enrol(let entry, token)? = bench.effects.first else {
            Issue.record("nobody is enrolled")
            return
        }
        #expect(entry.number == 2 && entry.transportKey == newcomer && entry.standing == .approved)
        let enrolled = CoordinatorMessage.enrolled(
            .init(federation: Fixtures.federation, clientNumber: 2, coordinatorIdentity: try Fixtures.coordinatorKey()))
        #expect(try bench.messages(to: token) == [enrolled])
        bench.handle(.received(token, frames: join(newcomer)))
        #expect(try bench.messages(to: token) == [enrolled])
        #expect(bench.effects.count == 1)
        bench.handle(.received(token, frames: join(Fixtures.peer(502))))
        #expect(try refusal(bench, token) == .tokenUsed)
        bench.handle(.connected(newcomer, wallSeconds: 5000))
        bench.handle(.received(newcomer, frames: try ScriptedClient(501).hello()))
        guard case .welcome(let welcome)? = try bench.messages(to: newcomer).first else {
            Issue.record("no welcome")
            return
        }
        let parameters = try FederationParameters.unpacked(#require(welcome.parameters))
        #expect(welcome.clientNumber == 2 && parameters == bench.configuration.parameters.canonicalJSON())
    }

    @Test(arguments: [(UInt64(1001), RefusalReason.tokenExpired), (.max, .tokenExpired)])
    func expiredTokensAreRefused(time: UInt64, reason: RefusalReason) throws {
        var bench = try bench()
        bench.handle(.connected(token, wallSeconds: time))
        bench.handle(.received(token, frames: join(newcomer)))
        #expect(try refusal(bench, token) == reason)
        #expect(bench.core.roster.entries.count == 2)
    }

    @Test func otherProtocolVersionsAreRefused() throws {
        var bench = try bench()
        bench.handle(.connected(token, wallSeconds: 0))
        bench.handle(.received(token, frames: join(newcomer, version: 2)))
        #expect(try refusal(bench, token) == .protocolVersion)
        bench.handle(.connected(Fixtures.peer(0), wallSeconds: 0))
        bench.handle(.received(Fixtures.peer(0), frames: try ScriptedClient(0).hello(version: 9)))
        #expect(try refusal(bench, Fixtures.peer(0)) == .protocolVersion)
    }

    @Test func tokensMayOnlyJoinAndClientsMayNotJoin() throws {
        var bench = try bench()
        bench.handle(.connected(token, wallSeconds: 0))
        bench.handle(.received(token, frames: try ScriptedClient(500).hello()))
        #expect(try refusal(bench, token) == .notEnrolled)
        bench.handle(.connected(Fixtures.peer(0), wallSeconds: 0))
        bench.handle(.received(Fixtures.peer(0), frames: join(newcomer)))
        #expect(try refusal(bench, Fixtures.peer(0)) == .notEnrolled)
        bench.handle(.connected(token, wallSeconds: 0))
        bench.handle(.received(token, frames: join(Fixtures.peer(1))))
        #expect(try refusal(bench, token) == .malformed)
    }

    @Test func unknownAndRevokedKeysAreRefused() throws {
        var bench = try bench()
        let stranger = try ScriptedClient(77)
        bench.greet(stranger)
        #expect(try refusal(bench, stranger.peer) == .notEnrolled)
        let client = try ScriptedClient(1)
        bench.greet(client)
        #expect(bench.core.readyClientCount == 1)
        var entries = bench.core.roster.entries
        entries[1].standing = .revoked
        bench.handle(.rosterChanged(Roster(entries: entries)))
        #expect(try refusal(bench, client.peer) == .revoked)
        #expect(bench.core.readyClientCount == 0)
        bench.greet(client)
        #expect(try refusal(bench, client.peer) == .revoked)
    }
}
