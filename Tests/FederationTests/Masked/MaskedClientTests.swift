import Encryption
import Federation
import Messages
import Testing

struct MaskedClientTests {
    private static func announced() throws -> (bench: ClientBench, announcement: CoordinatorMessage) {
        var bench = try ClientBench(up: "masked:rank=2,bits=4")
        var announcement = try bench.announcement()
        announcement.rosterHash = Digest(unchecked: [UInt8](repeating: 1, count: 32))
        bench.receive(.announcement(announcement))
        return (bench, .announcement(announcement))
    }

    private static func sent(_ effects: [ClientEffect]) throws -> [ClientMessage] {
        try effects.compactMap { effect in
            guard case .send(let frames) = effect else { return nil }
            return try FramedMessage<ClientMessage>(frames: frames).message
        }
    }

    @Test func keysGoOutBeforeTraining() throws {
        let (bench, _) = try Self.announced()
        let messages = try Self.sent(bench.effects)
        guard case .masking(let step) = messages.first else {
            Issue.record("no keys were sent")
            return
        }
        #expect(step.phase == .keys)
        #expect(step.body.count == 128)
    }

    @Test func restartedClientStaysOutOfTheSession() throws {
        let (bench, announcement) = try Self.announced()
        let stored = bench.effects.compactMap { effect -> ClientState? in
            if case .persist(let state) = effect { state } else { nil }
        }
        let state = try ClientState(decoding: try #require(stored.last).encoded())
        var again = try ClientBench(up: "masked:rank=2,bits=4")
        again.core = try ClientCore(
            configuration: ClientConfiguration(coordinatorIdentity: Fixtures.coordinatorKey(), sampleCount: 10),
            state: state, entropy: Fixtures.entropy(2))
        again.handle(.connected(ClientBench.peer))
        again.receive(
            .welcome(
                .init(
                    federation: Fixtures.federation, clientNumber: 3,
                    parameters: FederationParameters.packed(again.parameters.canonicalJSON()))))
        again.receive(announcement)
        let messages = try Self.sent(again.effects)
        #expect(messages.contains { if case .decline(let decline) = $0 { decline.reason == .failed } else { false } })
        #expect(!messages.contains { if case .masking = $0 { true } else { false } })
    }

    @Test func announcementWithoutRosterIsDeclined() throws {
        var bench = try ClientBench(up: "masked:rank=2,bits=4")
        bench.receive(.announcement(try bench.announcement()))
        let messages = try Self.sent(bench.effects)
        #expect(
            messages.contains {
                if case .decline(let decline) = $0 { decline.reason == .badAnnouncement } else { false }
            })
    }

    @Test(arguments: MaskingStep.Phase.allCases)
    func damagedStepEndsTheClientsPart(phase: MaskingStep.Phase) throws {
        var (bench, announcement) = try Self.announced()
        guard case .announcement(let announced) = announcement else { return }
        let session = SessionID(
            federation: Fixtures.federation, round: announced.round, attempt: announced.attempt,
            roundKey: announced.roundKey)
        bench.receive(.masking(.init(session: session, phase: phase, body: [1, 2, 3])))
        let messages = try Self.sent(bench.effects)
        #expect(messages.contains { if case .decline = $0 { true } else { false } })
    }
}
