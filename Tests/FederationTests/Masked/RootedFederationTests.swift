import Encryption
import Federation
import Messages
import Tensors
import Testing
import TestSupport

/// Masked rounds in a federation whose roster a root key signs; all clients pin it.
struct RootedFederationTests {
    private static func simulation(
        clients: Int = 5, minimum: Int = 5, rounds: Int = 3, quorum: Quorum = .count(3), maximumFailures: Int = 50,
        seed: UInt64 = 1,
        faults: FaultyNetwork<Int>.Faults = .init(delay: .milliseconds(20))
    ) throws -> Simulation {
        let model = try LinearModel()
        let policy = RoundPolicy(
            rounds: rounds, minimumClients: minimum, quorum: quorum, deadlineFloor: .seconds(5),
            deadlineCeiling: .seconds(20), maximumFailures: maximumFailures, retryPause: .seconds(1))
        let configuration = try Fixtures.configuration(
            model, policy: policy, up: "masked:rank=2,bits=8", rootKey: Fixtures.rootKey())
        return try Simulation(model, configuration, clients: clients, faults: faults, seed: seed)
    }

    /// The operator puts another signed roster to use.
    private static func use(_ roster: Roster, in simulation: inout Simulation) throws {
        simulation.disk.roster = roster
        try simulation.perform(simulation.coordinator.handle(.rosterChanged(roster), at: simulation.now))
    }

    @Test func rosterIsSentOnceAndRoundsGiveTheModelOfAnOpenFederation() throws {
        var rooted = try Self.simulation()
        try rooted.run()
        #expect(rooted.finish?.outcome == .completed)
        #expect(rooted.reports.allSatisfy { $0.participants.count == 5 })
        #expect(rooted.rosterParts == [0: 1, 1: 1, 2: 1, 3: 1, 4: 1])
        #expect(rooted.rosterRefusals.isEmpty && rooted.warnings.isEmpty)

        let model = try LinearModel()
        let open = try Fixtures.configuration(
            model, policy: rooted.configuration.policy, up: "masked:rank=2,bits=8")
        var simulation = try Simulation(model, open, clients: 5)
        try simulation.run()
        #expect(simulation.finish?.modelHash == rooted.finish?.modelHash)
        #expect(simulation.rosterParts.isEmpty)
    }

    @Test func onlyThoseOnTheSignedRosterTakePart() throws {
        var simulation = try Self.simulation(minimum: 4, rounds: 2)
        try Self.use(Fixtures.rootedRoster(5, signed: 4), in: &simulation)
        try simulation.run()
        #expect(simulation.finish?.outcome == .completed)
        #expect(simulation.reports.allSatisfy { $0.participants == [0, 1, 2, 3] })
        #expect(simulation.warnings.contains { $0.contains("1 clients take no part") && $0.contains("client 4") })
        #expect(simulation.rosterParts[4] == nil)
    }

    @Test func newerRosterGoesOutOnceAndBringsTheNewcomerIn() throws {
        var simulation = try Self.simulation(minimum: 4, rounds: 4)
        try Self.use(Fixtures.rootedRoster(5, signed: 4), in: &simulation)
        try simulation.run(while: { $0.reports.count < 2 })
        try Self.use(Fixtures.rootedRoster(5, signed: 5, epoch: 2), in: &simulation)
        try simulation.run()
        #expect(simulation.finish?.outcome == .completed)
        #expect(simulation.reports.first?.participants == [0, 1, 2, 3])
        #expect(simulation.reports.last?.participants == [0, 1, 2, 3, 4])
        #expect(simulation.rosterParts == [0: 2, 1: 2, 2: 2, 3: 2, 4: 1])
        #expect(simulation.rosterRefusals.isEmpty)
    }

    /// A coordinator that was put back to an older roster finds nobody to work with.
    @Test func olderRosterEndsTheRounds() throws {
        var simulation = try Self.simulation(rounds: 4, maximumFailures: 3)
        try Self.use(Fixtures.rootedRoster(5, signed: 5, epoch: 2), in: &simulation)
        try simulation.run(while: { $0.reports.count < 2 })
        let before = simulation.coordinator.version
        try Self.use(Fixtures.rootedRoster(5, signed: 4, epoch: 1), in: &simulation)
        try simulation.run()
        #expect(simulation.finish?.outcome != .completed)
        #expect(simulation.coordinator.version <= before + 1)
        #expect(
            simulation.rosterRefusals[0]?.contains { $0.contains("has epoch 1, but this client has seen epoch 2") }
                == true)
        #expect(simulation.reports.last?.declined["roster"] == 4)
    }

    @Test func nothingIsRunWithoutASignature() throws {
        var simulation = try Self.simulation(rounds: 1)
        var roster = try Fixtures.rootedRoster(5, signed: 5)
        let forged = try Fixtures.members(of: roster.entries, epoch: 3, by: SigningKeyPair.generate())
        for signed in [nil, forged] {
            roster.signed = signed
            try Self.use(roster, in: &simulation)
            try simulation.run(until: simulation.now + .seconds(60))
            #expect(simulation.reports.isEmpty && simulation.coordinator.readyClientCount == 5)
        }
        try Self.use(Fixtures.rootedRoster(5, signed: 5), in: &simulation)
        try simulation.run()
        #expect(simulation.finish?.outcome == .completed)
    }

    /// A rotated identity counts once the root has signed it.
    @Test func changedIdentityTakesNoPartBeforeItIsSigned() throws {
        var simulation = try Self.simulation(minimum: 4, rounds: 2)
        let signed = try Fixtures.rootedRoster(5, signed: 5)
        var entries = signed.entries
        entries[2].identityKey = PublicKeyBytes(unchecked: SigningKeyPair.generate().publicKey)
        try Self.use(Roster(entries: entries, signed: signed.signed), in: &simulation)
        try simulation.run()
        #expect(simulation.finish?.outcome == .completed)
        #expect(simulation.reports.allSatisfy { $0.participants == [0, 1, 3, 4] })
    }

    /// A client that pins nothing works with others that do.
    @Test func clientWithoutAPinTakesPart() throws {
        var simulation = try Self.simulation(rounds: 2, quorum: .count(5))
        simulation.clients[1].core = try ClientCore(
            configuration: ClientConfiguration(
                coordinatorIdentity: Fixtures.coordinatorKey(), sampleCount: 11, retransmission: .seconds(3)),
            state: ClientState(), identity: Fixtures.clientIdentity(1), entropy: Fixtures.entropy(5))
        try simulation.run()
        #expect(simulation.finish?.outcome == .completed)
        #expect(simulation.reports.allSatisfy { $0.participants.count == 5 })
        #expect(simulation.rosterParts[1] == nil && simulation.rosterParts[0] == 1)
    }

    @Test(arguments: UInt64(0)..<8) func roundsEndUnderRandomFaults(seed: UInt64) throws {
        var random = SeededRandom(Seed(seed).derived("rooted faults"))
        let faults = FaultyNetwork<Int>.Faults(
            dropped: 0.05 * random.unitDouble(), duplicated: 0.2 * random.unitDouble(),
            delay: .milliseconds(1 + random.below(300)), reorders: random.below(2) == 0)
        var simulation = try Self.simulation(
            minimum: 4, maximumFailures: 1000, seed: seed, faults: faults)
        for epoch in 2..<12 {
            try simulation.advance(to: simulation.now + .milliseconds(random.below(3000)))
            switch random.below(4) {
            case 0: try simulation.crash(client: random.below(5))
            case 1: try simulation.disconnect(random.below(5))
            case 2: try simulation.crashCoordinator()
            default: try Self.use(Fixtures.rootedRoster(5, signed: 4 + random.below(2), epoch: epoch), in: &simulation)
            }
        }
        simulation.network.faults = .init()
        try simulation.run(until: simulation.now + .seconds(3600))
        #expect(simulation.finish?.outcome == .completed, "seed \(seed)")
        for client in simulation.clients { #expect(client.finish?.modelHash == simulation.finish?.modelHash) }
    }
}
