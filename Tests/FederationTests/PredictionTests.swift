import Federation
import Messages
import Tensors
import Testing
import TestSupport
import UpdateCodec

/// Updates that are predicted by the client's last one, and steps by the last step.
struct PredictionTests {
    private static func simulation(
        _ prediction: Compression.Prediction? = .both, rounds: Int = 4, cohort: CohortSize = .all,
        budget: Int = 32 << 20, halfLife: Double? = nil, buffered: BufferedRounds? = nil, quorum: Double = 0.5,
        seed: UInt64 = 1
    ) throws -> Simulation {
        let model = try LinearModel(rows: 24, columns: 17)
        var policy = Fixtures.policy(rounds: rounds, clients: 4)
        policy.cohort = cohort
        policy.buffered = buffered
        policy.quorum = .fraction(quorum)
        var parameters = Fixtures.parameters(up: "auto:nmse=0.2", down: .coded("auto:nmse=0.1"))
        parameters.compression.prediction = prediction
        parameters.compression.residualHalfLife = halfLife
        let configuration = try CoordinatorConfiguration(
            parameters: parameters, policy: policy, layout: model.layout,
            initialParameters: model.initial(seed: parameters.seed),
            limits: CoordinatorLimits(predictionByteCount: budget))
        return try Simulation(model, configuration, clients: 4, seed: seed)
    }

    private static func isSound(_ simulation: Simulation) -> Bool {
        let outcomes = Set(simulation.reports.flatMap(\.rejected.keys))
        return simulation.finish?.outcome == .completed && outcomes.isSubset(of: [.late, .stale])
    }

    @Test(arguments: [Compression.Prediction.up, .down, .both])
    func givesOneHashForEveryOrderOfArrival(prediction: Compression.Prediction) throws {
        var plain = try Self.simulation(nil)
        try plain.run()
        var first: Digest?
        for seed in UInt64(1)...4 {
            var simulation = try Self.simulation(prediction, seed: seed)
            try simulation.run()
            #expect(Self.isSound(simulation))
            #expect(first == nil || simulation.finish?.modelHash == first)
            first = simulation.finish?.modelHash
        }
        // Something was predicted.
        #expect(first != plain.finish?.modelHash)
    }

    @Test func withoutRoomUpdatesAreWhatTheyAreWithoutPrediction() throws {
        var plain = try Self.simulation(nil)
        try plain.run()
        var full = try Self.simulation(.up, budget: 100)
        try full.run()
        #expect(full.finish?.modelHash == plain.finish?.modelHash)
        // Room for two of the four.
        var half = try Self.simulation(.up, budget: 2 * 4 * 456)
        try half.run()
        #expect(Self.isSound(half))
        #expect(half.finish?.modelHash != plain.finish?.modelHash)
    }

    @Test func aCoordinatorKilledBeforeAnyEffectReachesTheSameModel() throws {
        var whole = try Self.simulation(rounds: 3)
        try whole.run()
        for effect in 0..<whole.effectCount {
            var simulation = try Self.simulation(rounds: 3)
            simulation.crashBefore = effect
            try simulation.run()
            #expect(Self.isSound(simulation), "effect \(effect)")
            #expect(simulation.finish == whole.finish, "effect \(effect)")
        }
    }

    @Test func aClientKilledBeforeAnyEffectLeadsToTheSameModelIfItIsBackInTime() throws {
        var whole = try Self.simulation(rounds: 3)
        whole.trainingTime = .milliseconds(500)
        try whole.run()
        var sameCount = 0
        for effect in 0..<whole.clientEffectCount {
            var simulation = try Self.simulation(rounds: 3)
            simulation.clientCrashBefore = effect
            simulation.trainingTime = .milliseconds(500)
            try simulation.run()
            #expect(Self.isSound(simulation), "effect \(effect)")
            // While it is gone, a round may end without it.
            guard simulation.reports.allSatisfy({ $0.participants.count == 4 }) else { continue }
            sameCount += 1
            #expect(simulation.finish == whole.finish, "effect \(effect)")
        }
        #expect(sameCount > whole.clientEffectCount / 3)
    }

    /// A client remembers another update than the coordinator does: its disk says so when it comes back.
    /// Where the round needs everybody, it is tried again, and the next update is one of the same round.
    @Test(arguments: [0.5, 1])
    func anUpdateFromAnotherPredictionIsRefusedAndTheNextOneIsWhole(quorum: Double) throws {
        var whole = try Self.simulation(.up, rounds: 8, quorum: quorum)
        func predicted(_ simulation: Simulation) -> Int? {
            simulation.clients.firstIndex { $0.stored.pending?.predictedFrom != nil }
        }
        try whole.run(while: { predicted($0) == nil })
        let client = try #require(predicted(whole))
        let round = try #require(whole.clients[client].stored.pending?.predictedFrom)
        var simulation = try Self.simulation(.up, rounds: 8, quorum: quorum)
        try simulation.run(while: { $0.records.count < round })
        simulation.clients[client].stored.pending?.made?.tag ^= 1
        try simulation.crash(client: client)
        try simulation.run()
        #expect(simulation.finish?.outcome == .completed)
        let refusing = try #require(simulation.reports.firstIndex { $0.rejected[.malformed] != nil })
        #expect(!simulation.reports[refusing].participants.contains(client))
        #expect(simulation.reports[refusing].outcome == (quorum == 1 ? .belowQuorum : .published))
        let later = simulation.reports[(refusing + 1)...]
        #expect(later.first.map { $0.rejected.isEmpty && $0.participants.contains(client) } == true)
        #expect(later.allSatisfy { $0.rejected[.malformed] == nil })
    }

    @Test func memoryIsThatOfTheClientsThereIsRoomForWhoeverComesFirst() throws {
        var kept = try LastUpdates(byteBudget: 4 * 8 + 7, parameterCount: 2)
        func update(_ round: UInt32) -> LastUpdate { LastUpdate(round: round, tag: round, values: [1, 2]) }
        for order in [[9, 2, 7, 4, 3, 8], [2, 3, 4, 7, 8, 9], [8, 3, 4, 7, 2, 9]] {
            var fresh = kept
            var round: [Int: LastUpdate] = [:]
            for client in order {
                fresh.note(update(1), of: client, in: &round)
                #expect(round.count <= 4)
            }
            #expect(round.keys.sorted() == [2, 3, 4, 7])
            fresh.publish(round)
            var next: [Int: LastUpdate] = [:]
            for client in [0, 9, 4] { fresh.note(update(2), of: client, in: &next) }
            #expect(next.keys.sorted() == [4])
            fresh.publish(next)
            #expect(fresh[4]?.round == 2 && fresh[7]?.round == 1 && fresh[0] == nil)
        }
        kept = try LastUpdates(byteBudget: 8, parameterCount: 2, known: [3: update(1), 1: update(1)])
        #expect(kept.known.keys.sorted() == [1])
        #expect(throws: FederationError.shapeMismatch(expected: 3, actual: 2)) {
            try LastUpdates(byteBudget: 100, parameterCount: 3, known: [3: update(1)])
        }
    }

    @Test(arguments: [
        ("int8", "auto", Compression.Prediction.up), ("masked", "auto", .both), ("auto", "int8", .down),
        ("auto", "topk+fp16", .both),
    ])
    func refusesWhatCannotBePredicted(up: String, down: String, prediction: Compression.Prediction) throws {
        var parameters = Fixtures.parameters(up: up, down: try #require(Compression.Downlink(rawValue: down)))
        try parameters.validate()
        parameters.compression.prediction = prediction
        #expect {
            try parameters.validate()
        } throws: { error in
            if case FederationError.invalidSetting("compression.predict", _) = error { true } else { false }
        }
    }

    @Test func stepsAreNotPredictedWhereTheyDoNotFollowOnEachOther() throws {
        #expect(throws: FederationError.self) { try Self.simulation(.both, cohort: .count(2)) }
    }

    @Test func bufferedUpdatesArePredicted() throws {
        var hashes: [Digest?] = []
        for prediction in [nil, Compression.Prediction.up] {
            var simulation = try Self.simulation(
                prediction, rounds: 8, cohort: .count(3), buffered: BufferedRounds(size: 2))
            try simulation.run()
            #expect(Self.isSound(simulation))
            hashes.append(simulation.finish?.modelHash)
        }
        #expect(hashes[0] != hashes[1])
    }

    @Test(arguments: [false, true]) func budgetsHoldWithPredictions(isLimited: Bool) throws {
        let model = try LinearModel(rows: 60, columns: 40)
        var compression = Compression(up: "auto:nmse=0.0001", down: .int8, prediction: .up)
        compression.roundByteCount = isLimited ? 1000 : nil  // 400 for messages, two fifths of the rest for the update
        let codec = try compression.updateCodec(layout: model.layout)
        var random = SeededRandom(Seed(1))
        let update = (0..<model.layout.count).map { _ in random.unitFloat() - 0.5 }
        var context = CodecContext(seed: Seed(1))
        context.prediction = UpdatePrediction(values: update.map { $0 + 0.1 * (random.unitFloat() - 0.5) }, tag: 1)
        let bytes = try codec.encode(update, layout: model.layout, context: context)
        #expect(bytes.first == 1)
        #expect((bytes.count <= 240) == isLimited)
    }

    @Test(arguments: UInt64(1)...6) func lostReceiptsAndGapsDoNotMatter(seed: UInt64) throws {
        var simulation = try Self.simulation(.up, rounds: 8, cohort: .count(2), seed: seed)
        simulation.network.faults = .init(dropped: 0.1, duplicated: 0.1, delay: .milliseconds(50), reorders: true)
        try simulation.run(until: .seconds(300))
        simulation.network.faults = .init()
        try simulation.run()
        #expect(Self.isSound(simulation), "seed \(seed)")
    }

    @Test func clientsThatComeBackLateHaveGivenUpAPartOfTheirResidual() throws {
        var kept = try Self.simulation(nil, rounds: 6, cohort: .count(2))
        try kept.run()
        var decaying = try Self.simulation(nil, rounds: 6, cohort: .count(2), halfLife: 0.5)
        try decaying.run()
        #expect(decaying.finish?.modelHash != kept.finish?.modelHash)
        var present = try Self.simulation(nil, halfLife: 0.5)
        try present.run()
        var everybody = try Self.simulation(nil)
        try everybody.run()
        #expect(present.finish?.modelHash == everybody.finish?.modelHash)
        #expect(throws: FederationError.self) { try Self.simulation(halfLife: 0) }
    }
}
