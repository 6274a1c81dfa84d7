import Federation
import Privacy
import Tensors
import Testing

struct MaskedPrivacyTests {
    private static let lane = "masked:rank=4,left=1,bits=8"

    private static func settings(
        _ mechanism: PrivacySettings.Mechanism = .gaussian, epsilon: Double = 1000, noise: Double = 1,
        clip: Double = 0.5, survivors: Int? = nil
    ) throws -> PrivacySettings {
        PrivacySettings(
            mechanism: mechanism, clip: clip, noiseMultiplier: noise,
            budget: try PrivacyBudget(epsilon: epsilon, delta: 1e-5), accountant: .rdp, survivors: survivors)
    }

    private static func policy(_ privacy: PrivacySettings, rounds: Int = 3, clients: Int = 5) -> RoundPolicy {
        var policy = Fixtures.policy(rounds: rounds, clients: clients)
        policy.privacy = privacy
        policy.weighting = .uniform
        policy.evaluateEvery = 0
        return policy
    }

    private static func simulation(_ policy: RoundPolicy, up: String = lane) throws -> Simulation {
        let model = try LinearModel()
        return try Simulation(
            model, try Fixtures.configuration(model, policy: policy, up: up), clients: policy.minimumClients)
    }

    private static func length(_ values: [Float]) -> Double {
        values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }

    @Test func everyReleaseOfASumCarriesWhatIsSpentInAll() throws {
        var simulation = try Self.simulation(Self.policy(Self.settings()))
        try simulation.run()
        #expect(simulation.finish?.outcome == .completed)
        let mechanism = PrivacyMechanism.gaussian(noiseMultiplier: 1)
        for (index, record) in simulation.records.enumerated() {
            let release = try #require(record.report.privacy)
            let expected = try PrivacyPlan(
                mechanism: mechanism, rounds: index + 1, delta: 1e-5, accountant: .rdp
            ).epsilon()
            #expect(release.mechanism == mechanism && abs(release.epsilon - expected) < 1e-9)
        }
        #expect(simulation.records.count == 3)
    }

    @Test(arguments: [NoiseSource.Kind.discreteGaussian, .skellam])
    func noiseOfClientsIsAccountedOnTheirGrid(kind: NoiseSource.Kind) throws {
        let mechanism: PrivacySettings.Mechanism = kind == .skellam ? .skellam : .ddgauss
        var simulation = try Self.simulation(Self.policy(Self.settings(mechanism, survivors: 4)))
        try simulation.run()
        #expect(simulation.finish?.outcome == .completed)
        let release = try #require(simulation.records.last?.report.privacy)
        let noise: DistributedNoise
        switch release.mechanism {
        case .distributedDiscreteGaussian(let found, samplingRate: 1) where kind == .discreteGaussian: noise = found
        case .distributedSkellam(let found, samplingRate: 1) where kind == .skellam: noise = found
        default:
            Issue.record("\(release.mechanism)")
            return
        }
        // Clipping whole numbers leaves no inflation, and the accountant is at least as strict as for one Gaussian.
        #expect(noise.clientCount == 4 && noise.roundedL2Sensitivity == noise.clip * noise.scale)
        let central = try PrivacyPlan(
            mechanism: .gaussian(noiseMultiplier: 1), rounds: 3, delta: 1e-5, accountant: .rdp
        ).epsilon()
        #expect(release.epsilon >= central && release.epsilon < 1.1 * central)
    }

    /// The noise that is in the model is that of the settings, whoever has drawn it.
    @Test(arguments: [PrivacySettings.Mechanism.gaussian, .ddgauss, .skellam])
    func modelCarriesTheNoise(mechanism: PrivacySettings.Mechanism) throws {
        let survivors = mechanism == .gaussian ? nil : 4
        let up = "masked:support=random,keep=1,bits=8"
        var simulation = try Self.simulation(
            Self.policy(
                Self.settings(mechanism, epsilon: 9000, noise: 8, clip: 0.01, survivors: survivors), rounds: 1), up: up)
        let before = simulation.coordinator.master
        try simulation.run()
        let moved = zip(simulation.coordinator.master, before).map { $0 - $1 }
        // Every value moves by noise of 8 clips over five clients; the updates themselves are a clip long at most.
        let expected = 8 * 0.01 / 5 * Double(moved.count).squareRoot()
        #expect(abs(Self.length(moved) / expected - 1) < 0.35, "\(Self.length(moved)) of \(expected)")
    }

    @Test func influenceOfAClientIsTheClipWhateverItTrained() throws {
        let privacy = try Self.settings(epsilon: 1e9, noise: 0.01, clip: 0.001)
        var simulation = try Self.simulation(Self.policy(privacy, rounds: 1))
        let before = simulation.coordinator.master
        try simulation.run()
        let moved = Self.length(zip(simulation.coordinator.master, before).map { $0 - $1 })
        let noise = 0.01 * 0.001 * Double(before.count).squareRoot()
        #expect(moved > 0 && moved <= 0.001 + noise)
    }

    @Test func budgetEndsAMaskedRun() throws {
        let mechanism = PrivacyMechanism.gaussian(noiseMultiplier: 1)
        let two = try PrivacyPlan(mechanism: mechanism, rounds: 2, delta: 1e-5, accountant: .rdp).epsilon()
        var simulation = try Self.simulation(Self.policy(Self.settings(epsilon: two + 1e-6), rounds: 9))
        try simulation.run()
        guard case .budgetSpent? = simulation.finish?.outcome else {
            Issue.record("\(String(describing: simulation.finish))")
            return
        }
        #expect(simulation.finish?.version == 2 && simulation.disk.releases.count == 2)
    }

    @Test func coordinatorThatDiesAtAnyEffectCountsEveryRelease() throws {
        var whole = try Self.simulation(Self.policy(Self.settings(.ddgauss, survivors: 4)))
        try whole.run()
        #expect(whole.effectCount > 100)
        for effect in 0..<whole.effectCount {
            var simulation = try Self.simulation(Self.policy(Self.settings(.ddgauss, survivors: 4)))
            simulation.crashBefore = effect
            try simulation.run()
            #expect(simulation.finish?.outcome == .completed, "effect \(effect)")
            #expect(simulation.disk.releases.map(\.key.round) == [1, 2, 3], "effect \(effect)")
        }
    }

    /// Of five clients four shares make a secret: noise that needs five honest ones cannot be promised.
    @Test func clientsRefuseSessionsThatTooFewAddNoiseTo() throws {
        var policy = try Self.policy(Self.settings(.ddgauss, survivors: 5))
        policy.maximumFailures = 1
        var simulation = try Self.simulation(policy)
        try simulation.run()
        #expect(simulation.finish?.outcome == .tooManyFailures(round: 1))
        #expect(simulation.disk.releases.isEmpty)
    }

    @Test func settingsThatTheLaneCannotKeepAreRefused() throws {
        let model = try LinearModel()
        func configure(_ policy: RoundPolicy, up: String = Self.lane) throws {
            _ = try Fixtures.configuration(model, policy: policy, up: up)
        }
        try configure(Self.policy(Self.settings()))
        var adaptive = try Self.policy(Self.settings())
        adaptive.privacy?.adaptive = AdaptiveClip(quantile: 0.5, countDeviation: 5)
        #expect(throws: FederationError.self) { try configure(adaptive) }
        var robust = Fixtures.policy()
        robust.aggregation = AggregationSettings(rule: .median)
        #expect(throws: FederationError.self) { try configure(robust) }
        let distributed = try Self.policy(Self.settings(.ddgauss, survivors: 4))
        try configure(distributed)
        #expect(throws: FederationError.self) { try configure(distributed, up: "int8") }
        for change: (inout RoundPolicy) -> Void in [
            { $0.privacy?.survivors = nil }, { $0.privacy?.survivors = 0 }, { $0.privacy?.accountant = .pld },
            { $0.cohort = .count(3) }, { $0.privacy?.mechanism = .gaussian },
        ] {
            var broken = distributed
            change(&broken)
            #expect(throws: FederationError.self) { try configure(broken) }
        }
    }
}
