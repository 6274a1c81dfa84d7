import Encryption
import Federation
import Messages
import Tensors
import Testing

struct ClientCoreTests {
    @Test func trainsFromTheModelItDerivedItself() throws {
        var bench = try ClientBench()
        bench.receive(.announcement(try bench.announcement()))
        let task = try #require(bench.task)
        #expect(try task.parameters == bench.published.parameters)
        #expect(task.round == 1 && task.seed == bench.parameters.trainingSeed(round: 1, client: 3))
    }

    @Test func declinesWhatTheCoordinatorDidNotSign() throws {
        let changes: [(inout CoordinatorMessage.RoundAnnouncement) -> Void] = [
            { $0.roundKey = PublicKeyBytes(unchecked: [UInt8](repeating: 9, count: 32)) }, { $0.round += 1 },
            { $0.version += 1 }, { $0.attempt += 1 },
            { $0.modelHash = Digest(unchecked: [UInt8](repeating: 0, count: 32)) },
            { $0.signature = SignatureBytes(unchecked: [UInt8](repeating: 0, count: 64)) },
        ]
        for change in changes {
            var bench = try ClientBench()
            var announcement = try bench.announcement()
            change(&announcement)
            bench.receive(.announcement(announcement))
            #expect(bench.declined == .badAnnouncement && bench.task == nil)
        }
    }

    @Test func asksForTheWholeModelWhenItsOwnIsAnother() throws {
        var bench = try ClientBench()
        let other = try PublishedModel(
            bench.model.initial(seed: 6), layout: bench.model.layout, compression: bench.parameters.compression)
        let announcement = try bench.announcement(hash: other.hash)
        let session = ClientBench.session(announcement)
        bench.receive(.announcement(announcement))
        #expect(bench.sent == [.modelRequest(.init(session: session, heldVersion: nil))])
        let bytes = other.encoded()
        let whole = try bench.announcement(base: nil, hash: other.hash, byteCount: bytes.count)
        bench.receive(.announcement(whole), payload: bytes)
        #expect(bench.task?.parameters == other.parameters)
    }

    @Test func asksWithWhatItHoldsWhenTheBaseIsAnother() throws {
        var bench = try ClientBench()
        let announcement = try bench.announcement(version: 5, base: 4, byteCount: 3)
        bench.receive(.announcement(announcement), payload: [1, 2, 3])
        #expect(
            bench.sent == [.modelRequest(.init(session: ClientBench.session(announcement), heldVersion: 0))])
    }

    @Test func goesBackToVersionZeroForACodedModel() throws {
        var bench = try ClientBench(up: "auto", down: .coded("auto:nmse=0.2"))
        let initial = bench.model.initial(seed: bench.parameters.seed)
        let zero = try CodedModel(initial: initial, layout: bench.model.layout, codec: "auto:nmse=0.2")
        for version in UInt32(1)...2 {
            let coded = try zero.approaching(initial.map { $0 + 0.1 * Float(version) * (1 + $0) })
            let bytes = coded.encoded()
            bench.receive(
                .announcement(
                    try bench.announcement(
                        round: version + 1, version: version, hash: coded.hash, byteCount: bytes.count)),
                payload: bytes)
            #expect(bench.task?.parameters == coded.parameters)
            #expect(bench.core.heldVersion == version)
        }
    }

    @Test func asksForAnotherEncodingOfADamagedCodedModelAndThenDeclines() throws {
        var bench = try ClientBench(up: "auto", down: .coded("auto:nmse=0.2"))
        let announcement = try bench.announcement(
            version: 1, hash: Digest(unchecked: [UInt8](repeating: 1, count: 32)), byteCount: 9)
        for _ in 0..<3 {
            bench.receive(.announcement(announcement), payload: [5, 0, 0, 0, 1, 2, 3, 4, 5])
            #expect(
                bench.sent == [.modelRequest(.init(session: ClientBench.session(announcement), heldVersion: nil))])
        }
        bench.receive(.announcement(announcement), payload: [5, 0, 0, 0, 1, 2, 3, 4, 5])
        #expect(bench.declined == .badAnnouncement && bench.task == nil)
    }

    @Test func declinesAWholeModelWithAnotherHash() throws {
        var bench = try ClientBench()
        let bytes = try bench.published.encoded()
        let hash = Digest(unchecked: [UInt8](repeating: 1, count: 32))
        bench.receive(
            .announcement(try bench.announcement(base: nil, hash: hash, byteCount: bytes.count)), payload: bytes)
        #expect(bench.declined == .badAnnouncement && bench.task == nil)
    }

    @Test func declinesAModelThatHoldsNoNumbers() throws {
        var bench = try ClientBench(up: "float32", down: .float32)
        let model = PublishedModel.float([Float](repeating: .nan, count: bench.model.layout.count))
        let bytes = model.encoded()
        bench.receive(
            .announcement(try bench.announcement(base: nil, hash: model.hash, byteCount: bytes.count)), payload: bytes)
        #expect(bench.declined == .badAnnouncement && bench.task == nil)
    }

    @Test func declinesSizesThatNoModelHasBeforeReceivingThem() throws {
        var bench = try ClientBench()
        let announcement = try bench.announcement(base: nil, byteCount: 1 << 29)
        bench.receive(.announcement(announcement), payload: [UInt8](repeating: 0, count: 65_536))
        #expect(bench.declined == .badAnnouncement)
    }

    @Test func declinesLowOrderRoundKeys() throws {
        var bench = try ClientBench()
        let zero = PublicKeyBytes(unchecked: [UInt8](repeating: 0, count: 32))
        bench.receive(.announcement(try bench.announcement(key: zero)))
        try bench.train(0.1)
        #expect(bench.sent.count == 1 && bench.declined == .badAnnouncement)
    }

    @Test(arguments: [Float.nan, .infinity]) func neverSendsWhatIsNoNumber(step: Float) throws {
        var bench = try ClientBench()
        bench.receive(.announcement(try bench.announcement()))
        try bench.train(step)
        #expect(bench.sent.count == 1 && bench.declined == .diverged)
        #expect(bench.core.state.pending == nil)
    }

    @Test func declinesWithoutSamples() throws {
        var bench = try ClientBench(sampleCount: 0)
        bench.receive(.announcement(try bench.announcement()))
        #expect(bench.declined == .noData && bench.task == nil)
    }

    @Test func sendsTheSameUpdateForAnotherAttemptWithoutTraining() throws {
        var bench = try ClientBench()
        bench.receive(.announcement(try bench.announcement()))
        try bench.train(0.1)
        let stored = try #require(bench.core.state.pending)
        bench.receive(.announcement(try bench.announcement(attempt: 1)))
        #expect(bench.task == nil && bench.core.state.pending == stored)
        guard case .update(let header)? = bench.sent.first else {
            Issue.record("no update")
            return
        }
        let session = ClientBench.session(try bench.announcement(attempt: 1))
        #expect(header.session == session)
        #expect(header.resultID == ResultID(update: stored.bytes, session: session))
    }

    @Test(arguments: [UpdateOutcome.accepted, .late, .stale, .notInCohort])
    func residualCountsOnlyWithItsUpdate(outcome: UpdateOutcome) throws {
        var bench = try ClientBench()
        let announcement = try bench.announcement()
        bench.receive(.announcement(announcement))
        try bench.train(0.1003)
        let after = try #require(bench.core.state.pending?.residualAfter)
        #expect(after.contains { $0 != 0 })
        bench.receive(.receipt(.init(session: ClientBench.session(announcement), outcome: outcome)))
        bench.receive(.announcement(try bench.announcement(round: 2)))
        // Stale says nothing: the coordinator may have counted the update before it was started again.
        #expect(bench.core.state.residual == ([.accepted, .stale].contains(outcome) ? after : []))
        #expect(bench.task != nil)
    }

    @Test func repeatsWhatIsNotAnsweredLessAndLessOften() throws {
        var bench = try ClientBench()
        bench.receive(.announcement(try bench.announcement()))
        try bench.train(0.1)
        var times: [Duration] = []
        for _ in 0..<300 {
            bench.handle(.tick, after: .seconds(1))
            if bench.sent.contains(where: { if case .update = $0 { true } else { false } }) { times.append(bench.now) }
        }
        #expect(times == [.seconds(30), .seconds(90), .seconds(210)])
    }

    @Test func givesUpTrainingAtTheDeadline() throws {
        var bench = try ClientBench()
        bench.receive(.announcement(try bench.announcement()))
        let task = try #require(bench.task)
        bench.handle(.tick, after: .seconds(600))
        #expect(bench.effects.contains { if case .cancelTraining(task.session) = $0 { true } else { false } })
        bench.handle(.trained(task.session, .init(parameters: task.parameters, sampleCount: 1, meanLoss: 0)))
        #expect(bench.effects.isEmpty)
    }

    @Test func ignoresWhatItCannotReadAndWhoItDoesNotKnow() throws {
        var bench = try ClientBench()
        bench.handle(.received(ClientBench.peer, frames: [[1, 2, 3]]))
        #expect(bench.sent.isEmpty)
        let frames = FramedMessage<CoordinatorMessage>(.announcement(try bench.announcement())).frames()
        bench.handle(.received(Fixtures.peer(9), frames: frames))
        #expect(bench.task == nil)
    }

    @Test func tellsOfTheEndAndOfRefusals() throws {
        var bench = try ClientBench()
        let finish = CoordinatorMessage.Finish(version: 4, modelHash: try bench.published.hash)
        bench.receive(.finish(finish))
        #expect(bench.effects.contains { if case .finished(finish) = $0 { true } else { false } })
        bench.receive(.announcement(try bench.announcement()))
        #expect(bench.effects.isEmpty)
        var other = try ClientBench()
        other.receive(.refusal(.init(reason: .revoked, detail: "gone")))
        #expect(other.effects.contains { if case .refused(.revoked, "gone") = $0 { true } else { false } })
    }
}
