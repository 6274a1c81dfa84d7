import Encryption
import Federation
import Messages
import Tensors
import Testing
import UpdateCodec

/// One client does something wrong, the other one does not notice.
struct OutcomeTests {
    let good: ScriptedClient
    let bad: ScriptedClient
    var bench: Bench
    var goodAnnouncement: CoordinatorMessage.RoundAnnouncement
    var badAnnouncement: CoordinatorMessage.RoundAnnouncement

    init() throws {
        good = try ScriptedClient(0)
        bad = try ScriptedClient(1)
        var policy = Fixtures.policy(rounds: 2, clients: 2)
        policy.quorum = .count(1)
        policy.evaluateEvery = 0
        bench = try Bench(LinearModel(), policy: policy)
        bench.greet(good)
        bench.greet(bad)
        goodAnnouncement = try #require(try bench.announcement(to: good))
        badAnnouncement = try #require(try bench.announcement(to: bad))
    }

    private var values: [Float] { [Float](repeating: 0.25, count: bench.model.layout.count) }

    private func update(_ bytes: [UInt8], sampleCount: Int = 10) throws -> [[UInt8]] {
        try bad.update(
            bytes, for: badAnnouncement, parameterHash: bench.parameterHash, sampleCount: sampleCount)[0]
    }

    /// The bad client's message gets this outcome; the round then goes on with the good one alone.
    private mutating func expect(_ outcome: UpdateOutcome, for frames: [[UInt8]]) throws {
        bench.receive(frames, from: bad)
        #expect(try bench.outcome(to: bad) == outcome)
        #expect(bench.record == nil)
        let bytes = try bench.encode(values)
        bench.receive(
            try good.update(bytes, for: goodAnnouncement, parameterHash: bench.parameterHash)[0], from: good)
        if outcome == .stale { bench.handle(.tick, after: .seconds(61)) }
        let record = try #require(bench.record)
        #expect(record.report.rejected == [outcome: 1])
        #expect(record.report.participants == [0])
        #expect(record.master == zip(bench.configuration.initialParameters, values).map { $0 + $1 })
    }

    private func raw(_ values: [Float]) throws -> [UInt8] {
        var bytes = try bench.encode([Float](repeating: 0, count: values.count))
        let start = bytes.count - 4 * values.count
        for (index, value) in values.enumerated() {
            for byte in 0..<4 { bytes[start + 4 * index + byte] = UInt8(value.bitPattern >> (8 * byte) & 255) }
        }
        return bytes
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity, .signalingNaN])
    mutating func refusesNumbersThatAreNone(value: Float) throws {
        var values = values
        values[3] = value
        try expect(.notFinite, for: try update(try raw(values)))
    }

    @Test(arguments: [Float(1025), -2000, .greatestFiniteMagnitude])
    mutating func refusesNumbersThatAreTooLarge(value: Float) throws {
        var values = values
        values[0] = value
        try expect(.outOfRange, for: try update(try bench.encode(values)))
    }

    @Test mutating func refusesWeightsThatAreTooLarge() throws {
        try expect(.outOfRange, for: try update(try bench.encode(values), sampleCount: 1 << 30))
    }

    @Test(arguments: [Float(0), -0.0, .leastNonzeroMagnitude])
    mutating func countsUpdatesOfNothing(value: Float) throws {
        let zeros = [Float](repeating: value, count: values.count)
        bench.receive(try update(try bench.encode(zeros)), from: bad)
        #expect(try bench.outcome(to: bad) == .accepted)
    }

    @Test mutating func refusesUpdatesOfAnotherShape() throws {
        let other = try LinearModel(rows: 5)
        let bytes = try Float32Codec().encode(
            [Float](repeating: 0, count: other.layout.count), layout: other.layout, context: CodecContext(seed: Seed(0))
        )
        try expect(.wrongShape, for: try update(bytes))
    }

    @Test mutating func refusesUpdatesThatEndEarly() throws {
        try expect(.malformed, for: try update(Array(try bench.encode(values).dropLast())))
    }

    @Test mutating func refusesUpdatesLargerThanAnyCodecMakes() throws {
        let size = PublishedModel.maximumByteCount(bench.model.layout) + 1
        try expect(.tooLarge, for: try update([UInt8](repeating: 0, count: size)))
    }

    @Test(arguments: [0, 1, 7, 50]) mutating func refusesFlippedBits(byte: Int) throws {
        var message = try FramedMessage<ClientMessage>(frames: try update(try bench.encode(values)))
        message.payload?[byte] ^= 4
        try expect(.authenticationFailed, for: message.frames())
    }

    @Test mutating func refusesUpdatesSealedByAnotherClient() throws {
        let bytes = try bench.encode(values)
        let frames = try bad.update(
            bytes, for: badAnnouncement, parameterHash: bench.parameterHash, sealingKey: good.keys)[0]
        try expect(.authenticationFailed, for: frames)
    }

    @Test mutating func refusesSessionsItDoesNotKnow() throws {
        var other = badAnnouncement
        other.attempt += 1
        let bytes = try bench.encode(values)
        try expect(.stale, for: try bad.update(bytes, for: other, parameterHash: bench.parameterHash)[0])
    }

    @Test mutating func countsWhatCannotBeReadAndGoesOn() throws {
        bench.receive([[255, 1, 2]], from: bad)
        #expect(bench.effects.isEmpty)
        bench.receive([[]], from: bad)
        let bytes = try bench.encode(values)
        for (client, announcement) in [(good, goodAnnouncement), (bad, badAnnouncement)] {
            let frames = try client.update(bytes, for: announcement, parameterHash: bench.parameterHash)[0]
            bench.receive(frames, from: client)
        }
        #expect(bench.record?.report.rejected == [.malformed: 2])
        #expect(bench.record?.report.participants == [0, 1])
    }

    @Test mutating func endsConnectionsThatPassTheCaps() throws {
        bench.receive([[UInt8]](repeating: [1], count: 1_000_000), from: bad)
        #expect(bench.effects.contains { if case .disconnect(bad.peer) = $0 { true } else { false } })
        guard case .refusal(let refusal)? = try bench.messages(to: bad.peer).first else {
            Issue.record("no refusal")
            return
        }
        #expect(refusal.reason == .tooLarge)
    }

    @Test mutating func acknowledgesReplaysAndCountsThemOnce() throws {
        let frames = try update(try bench.encode(values))
        for _ in 0..<3 {
            bench.receive(frames, from: bad)
            #expect(try bench.outcome(to: bad) == .accepted)
        }
        let bytes = try bench.encode(values)
        bench.receive(try good.update(bytes, for: goodAnnouncement, parameterHash: bench.parameterHash)[0], from: good)
        #expect(bench.record?.report.participants == [0, 1])
        #expect(bench.record?.report.repeats == 2)
        // The next round is on: the replay is still acknowledged, and counts for nothing.
        bench.receive(frames, from: bad)
        #expect(try bench.outcome(to: bad) == .accepted)
        #expect(bench.record == nil)
    }

    @Test mutating func countsTheFirstOfTwoDifferentUpdates() throws {
        bench.receive(try update(try bench.encode(values)), from: bad)
        let other = [Float](repeating: -1, count: values.count)
        bench.receive(try update(try bench.encode(other)), from: bad)
        #expect(try bench.outcome(to: bad) == .equivocation)
        let bytes = try bench.encode(values)
        bench.receive(try good.update(bytes, for: goodAnnouncement, parameterHash: bench.parameterHash)[0], from: good)
        #expect(bench.record?.report.rejected == [.equivocation: 1])
        #expect(bench.record?.master == zip(bench.configuration.initialParameters, values).map { $0 + $1 })
    }

    @Test mutating func answersLateUpdatesAfterTheDeadline() throws {
        let bytes = try bench.encode(values)
        bench.receive(try good.update(bytes, for: goodAnnouncement, parameterHash: bench.parameterHash)[0], from: good)
        #expect(bench.record == nil)
        bench.handle(.tick, after: .seconds(61))
        #expect(bench.record?.report.missing == 1)
        bench.receive(try update(bytes), from: bad)
        #expect(try bench.outcome(to: bad) == .late)
    }

    @Test mutating func refusesReplaysIntoTheNextRound() throws {
        let bytes = try bench.encode(values)
        let frames = try update(bytes)
        bench.receive(frames, from: bad)
        bench.receive(try good.update(bytes, for: goodAnnouncement, parameterHash: bench.parameterHash)[0], from: good)
        let next = try #require(try bench.announcement(to: bad))
        // The same sealed bytes under the header of the new session.
        var forged = try FramedMessage<ClientMessage>(
            frames: try bad.update(bytes, for: next, parameterHash: bench.parameterHash)[0])
        forged.payload = try FramedMessage<ClientMessage>(frames: frames).payload
        bench.receive(forged.frames(), from: bad)
        #expect(try bench.outcome(to: bad) == .authenticationFailed)
    }

    @Test mutating func refusesClientsThatWereNotAsked() throws {
        var bench = try Bench(LinearModel(), policy: Fixtures.policy(rounds: 1, clients: 2), clients: 3)
        let stranger = try ScriptedClient(2)
        bench.greet(good)
        bench.greet(bad)
        let announcement = try #require(try bench.announcement(to: good))
        bench.greet(stranger)
        #expect(try bench.announcement(to: stranger) == nil)
        let bytes = try bench.encode(values)
        bench.receive(
            try stranger.update(bytes, for: announcement, parameterHash: bench.parameterHash)[0], from: stranger)
        #expect(try bench.outcome(to: stranger) == .notInCohort)
    }
}
