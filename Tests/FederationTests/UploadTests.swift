import Federation
import Messages
import Tensors
import Testing

/// Updates of three chunks, of which one at a time is received.
struct UploadTests {
    let clients: [ScriptedClient]
    var bench: Bench
    let messages: [[[[UInt8]]]]
    let session: SessionID

    init() throws {
        let scripted = try (0..<3).map { try ScriptedClient($0) }
        var policy = Fixtures.policy(rounds: 2, clients: 3)
        policy.evaluateEvery = 0
        let limits = CoordinatorLimits(concurrentUploads: 1, keptFirstChunks: 1, uploadStall: .seconds(10))
        var bench = try Bench(LinearModel(rows: 200, columns: 200), policy: policy, limits: limits, clients: 3)
        var announcements: [CoordinatorMessage.RoundAnnouncement] = []
        for client in scripted { bench.greet(client) }
        for client in scripted { announcements.append(try #require(try bench.announcement(to: client))) }
        let count = bench.model.layout.count
        messages = try zip(scripted, announcements).map { client, announcement in
            let bytes = try bench.encode([Float](repeating: Float(client.number) / 8, count: count))
            return try client.update(bytes, for: announcement, parameterHash: bench.parameterHash)
        }
        session = SessionID(
            federation: Fixtures.federation, round: 1, attempt: 0, roundKey: announcements[0].roundKey)
        clients = scripted
        self.bench = bench
    }

    private mutating func send(_ chunk: Int, of client: Int) {
        bench.receive(messages[client][chunk], from: clients[client])
    }

    private func sendOn(_ client: Int) throws -> Int? {
        for case .sendOn(let point) in try bench.messages(to: clients[client].peer) {
            #expect(point.session == session)
            return point.nextChunk
        }
        return nil
    }

    @Test mutating func oneAfterTheOtherIsReceived() throws {
        send(0, of: 0)
        #expect(try sendOn(0) == 1)
        send(0, of: 1)
        send(0, of: 2)
        #expect(bench.effects.isEmpty)
        send(1, of: 0)
        send(2, of: 0)
        #expect(try bench.outcome(to: clients[0]) == .accepted)
        // The first chunk of the second one was kept, that of the third one was not.
        #expect(try sendOn(1) == 1)
        send(1, of: 1)
        send(2, of: 1)
        #expect(try bench.outcome(to: clients[1]) == .accepted)
        #expect(try sendOn(2) == 0)
        for chunk in 0..<3 { send(chunk, of: 2) }
        #expect(bench.record?.report.participants == [0, 1, 2])
    }

    @Test mutating func repeatedAndMissingChunksAreSorted() throws {
        send(0, of: 0)
        send(2, of: 0)
        #expect(bench.effects.isEmpty)
        send(1, of: 0)
        send(1, of: 0)
        #expect(try bench.outcome(to: clients[0]) == nil)
        send(0, of: 0)
        #expect(try sendOn(0) == 2)
        send(2, of: 0)
        #expect(try bench.outcome(to: clients[0]) == .accepted)
    }

    @Test mutating func uploadGoesOnAfterANewConnection() throws {
        send(0, of: 0)
        send(1, of: 0)
        bench.handle(.disconnected(clients[0].peer))
        bench.greet(clients[0], resume: ResumePoint(session: session, nextChunk: 0))
        guard case .welcome(let welcome)? = try bench.messages(to: clients[0].peer).first else {
            Issue.record("no welcome")
            return
        }
        #expect(welcome.resume == ResumePoint(session: session, nextChunk: 2))
        send(2, of: 0)
        #expect(try bench.outcome(to: clients[0]) == .accepted)
    }

    @Test mutating func uploadOfAnotherRunBeginsAnew() throws {
        send(0, of: 0)
        bench.handle(.disconnected(clients[0].peer))
        let restarted = try ScriptedClient(0, run: 1)
        bench.greet(restarted)
        let announcement = try #require(try bench.announcement(to: restarted))
        let bytes = try bench.encode([Float](repeating: 0.5, count: bench.model.layout.count))
        let frames = try restarted.update(bytes, for: announcement, parameterHash: bench.parameterHash)
        for chunk in frames { bench.receive(chunk, from: restarted) }
        #expect(try bench.outcome(to: restarted) == .accepted)
    }

    @Test mutating func stalledUploadMakesRoom() throws {
        send(0, of: 0)
        send(0, of: 1)
        bench.handle(.tick, after: .seconds(10))
        #expect(try sendOn(1) == 1)
        send(1, of: 0)
        #expect(bench.effects.isEmpty)
        for chunk in 1..<3 { send(chunk, of: 1) }
        #expect(try bench.outcome(to: clients[1]) == .accepted)
        #expect(try sendOn(0) == 0)
        for chunk in 0..<3 { send(chunk, of: 0) }
        #expect(try bench.outcome(to: clients[0]) == .accepted)
    }

    @Test mutating func clientThatComesBackToTheQueueGetsItsTurn() throws {
        send(0, of: 0)
        send(0, of: 1)
        bench.handle(.disconnected(clients[1].peer))
        send(1, of: 0)
        send(2, of: 0)
        #expect(try bench.outcome(to: clients[0]) == .accepted)
        bench.greet(clients[1], resume: ResumePoint(session: session, nextChunk: 0))
        for chunk in 0..<3 { send(chunk, of: 1) }
        #expect(try bench.outcome(to: clients[1]) == .accepted)
    }
}
