import Encryption
import Federation
import Messages
import Privacy
import Testing

/// Steps of the masked lane that do not belong: the coordinator counts them, and nothing else changes.
struct MaskedStepTests {
    private var bench: Bench
    private let announcements: [CoordinatorMessage.RoundAnnouncement]
    private let clients: [ScriptedClient]

    init() throws {
        clients = try (0..<3).map { try ScriptedClient($0) }
        bench = try Bench(
            LinearModel(), policy: Fixtures.policy(rounds: 1, clients: 3), up: "masked:rank=2,bits=4", down: .int8,
            roster: Fixtures.rootedRoster(4, signed: 4))
        for client in clients { bench.greet(client) }
        announcements = try clients.compactMap { [bench] in try bench.announcement(to: $0) }
        try #require(announcements.count == 3)
    }

    private var session: SessionID { ClientBench.session(announcements[0]) }

    private func advert(_ number: Int, run: UInt64 = 0) throws -> [UInt8] {
        let announcement = announcements[0]
        let context = MaskingContext(
            federation: Fixtures.federation.bytes, round: announcement.round, attempt: session.bytes,
            modelHash: announcement.modelHash.bytes, parameterHash: bench.parameterHash.bytes,
            rosterHash: try #require(announcement.rosterHash).bytes)
        return try MaskingClient(
            number: number, context: context, identity: Fixtures.clientIdentity(number),
            entropy: Fixtures.entropy(UInt64(number) + 100 * run)
        ).advert.encoded
    }

    private mutating func send(
        _ phase: MaskingStep.Phase, _ body: [UInt8], from client: Int, in session: SessionID? = nil
    ) {
        let step = MaskingStep(session: session ?? self.session, phase: phase, body: body)
        bench.receive(FramedMessage<ClientMessage>(.masking(step)).frames(), from: clients[client])
    }

    /// Everybody's right keys: the list of them goes to all.
    private mutating func finishKeys() throws {
        for number in 0..<3 { send(.keys, try advert(number), from: number) }
        for client in clients {
            let phases = try bench.messages(to: client.peer).compactMap { message in
                if case .masking(let step) = message { step.phase } else { nil }
            }
            #expect(phases == [.keys])
        }
    }

    /// What was counted in the round, which ends here because nobody deals.
    private mutating func rejected() -> [UpdateOutcome: Int]? {
        bench.handle(.tick, after: .seconds(61))
        return bench.report?.rejected
    }

    @Test mutating func stepOfAnotherSessionIsStale() throws {
        var bytes = session.bytes
        bytes[0] ^= 1
        send(.keys, try advert(0), from: 0, in: SessionID(unchecked: bytes))
        #expect(bench.effects.isEmpty)
        try finishKeys()
        #expect(rejected() == [.stale: 1])
    }

    @Test mutating func keysOfAnotherClientAreRefused() throws {
        send(.keys, try advert(0), from: 1)
        #expect(bench.effects.contains { if case .warn = $0 { true } else { false } })
        try finishKeys()
        #expect(rejected() == [.malformed: 1])
    }

    @Test mutating func firstOfTwoDifferentKeysCounts() throws {
        send(.keys, try advert(0), from: 0)
        send(.keys, try advert(0, run: 1), from: 0)
        try finishKeys()
        #expect(rejected() == [.malformed: 1])
    }

    @Test mutating func clientThatWasNotAskedIsNotHeard() throws {
        let late = try ScriptedClient(3)
        bench.greet(late)
        let step = MaskingStep(session: session, phase: .keys, body: try advert(3))
        bench.receive(FramedMessage<ClientMessage>(.masking(step)).frames(), from: late)
        #expect(bench.effects.isEmpty)
        try finishKeys()
        #expect(rejected() == [.notInCohort: 1])
    }

    @Test(arguments: [MaskingStep.Phase.shares, .unmasking])
    mutating func phasesOutOfOrderAreRefused(phase: MaskingStep.Phase) throws {
        send(phase, [UInt8](repeating: 0, count: 96), from: 2)
        try finishKeys()
        #expect(rejected() == [.malformed: 1])
    }

    @Test mutating func stepBeforeTheGreetingIsRefused() throws {
        let late = try ScriptedClient(3)
        bench.handle(.connected(late.peer, wallSeconds: 0))
        let step = MaskingStep(session: session, phase: .keys, body: try advert(3))
        bench.receive(FramedMessage<ClientMessage>(.masking(step)).frames(), from: late)
        #expect(bench.effects.isEmpty)
        try finishKeys()
        #expect(rejected() == [.malformed: 1])
    }
}
