import Configuration
import Datasets
import Federation
import Privacy
import Tensors
import Testing
import Training

struct ScenarioTests {
    private let smallest = """
        name: small
        dataset: gestures
        clients: 3
        model: linear
        rounds: 2
        """

    @Test(arguments: [
        "quickstart", "mnist-noniid", "har-subjects", "fashion-noniid", "fedavg-cnn", "shakespeare-roles",
    ])
    func shippedScenariosAreValid(name: String) throws {
        let scenario = try Scenario(path: RepositoryFiles.path("Simulations/scenarios/\(name).yaml"))
        #expect(scenario.name == name)
        #expect(scenario.arms.map(\.name).prefix(2) == ["float32", "int8"])
        #expect(scenario.arms[0].run.compression == Compression(up: "float32", down: .float32))
        #expect(scenario.arms[1].run.compression == Compression(up: "int8", down: .int8))
        for arm in scenario.arms { try arm.policy.validate() }
    }

    @Test(arguments: ["private-mnist", "private-har"])
    func shippedPrivateScenariosStayWithinTheirBudget(name: String) throws {
        let scenario = try Scenario(path: RepositoryFiles.path("Simulations/scenarios/\(name).yaml"))
        #expect(scenario.arms.first?.run.privacy == nil)
        for arm in scenario.arms {
            try arm.policy.validate()
            guard let privacy = arm.run.privacy else { continue }
            #expect(arm.policy.weighting == .uniform)
            // What clients add depends on the model; its ledger is asked before every round.
            guard !privacy.mechanism.isDistributed else { continue }
            let plan = PrivacyPlan(
                mechanism: try privacy.release(cohort: arm.run.cohort), rounds: arm.run.rounds,
                delta: privacy.budget.delta)
            #expect(try plan.epsilon() <= privacy.budget.epsilon)
        }
    }

    @Test func readsPrivacyAndAggregation() throws {
        let scenario = try Scenario(
            text: smallest + """

                cohort: {poisson: 0.25}
                aggregation: {rule: norm-bound, norm: 2}
                arms:
                  - name: noise
                    aggregation: mean
                    privacy: {mechanism: gaussian, clip: 0.5, noise_multiplier: 2, epsilon: 4, delta: 1e-5,
                              adaptive: {quantile: 0.7}, accountant: rdp}
                  - {name: bound}
                  - {name: solved, aggregation: mean, privacy: {mechanism: gaussian, clip: 1, epsilon: 2, delta: 1e-5}}
                """)
        let noise = try #require(scenario.arms[0].run.privacy)
        #expect(scenario.arms[0].run.cohort == .poisson(0.25) && noise.noiseMultiplier == 2 && noise.clip == 0.5)
        #expect(noise.accountant == .rdp && noise.adaptive == AdaptiveClip(quantile: 0.7, rate: 0.2, countDeviation: 5))
        #expect(scenario.arms[1].run.aggregation == AggregationSettings(rule: .normBound, norm: 2))
        let solved = try #require(scenario.arms[2].run.privacy)
        let plan = PrivacyPlan(
            mechanism: .gaussian(noiseMultiplier: solved.noiseMultiplier, samplingRate: 0.25), rounds: 2, delta: 1e-5)
        #expect(try plan.epsilon() <= 2 && plan.epsilon() > 1.99)
    }

    @Test(arguments: [
        ("{mechanism: gaussian, clip: 0, epsilon: 1, delta: 1e-5}", "clip"),
        ("{mechanism: gaussian, clip: 1, delta: 1e-5}", "epsilon"),
        ("{mechanism: tree, clip: 1, epsilon: 1, delta: 1e-5, noise_multiplier: 1}", "dealt"),
        ("{mechanism: ddgauss, clip: 1, epsilon: 1, delta: 1e-5, survivors: 3}", "noise_multiplier"),
        ("{mechanism: ddgauss, clip: 1, epsilon: 1, delta: 1e-5, noise_multiplier: 1}", "survivors"),
        ("{mechanism: gaussian, clip: 1, epsilon: 1, delta: 1e-5, survivors: 3}", "survivors"),
        ("{mechanism: laplace, clip: 1, epsilon: 1, delta: 1e-5}", "mechanism"),
    ])
    func refusesPrivacyThatCannotRun(privacy: String, word: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try Scenario(text: smallest + "\narms:\n  - {name: a, privacy: \(privacy)}\n")
        }
        #expect("\(error.map(String.init(describing:)) ?? "")".contains(word))
    }

    @Test func oneWordChoosesCodecsAndServer() throws {
        let auto = try Scenario(text: smallest + "\narms:\n  - {name: a, compression: auto}\n")
        #expect(auto.arms[0].run.compression == .automatic(cohort: .all))
        #expect(auto.arms[0].run.server == .automatic)
        let inTurns = try Scenario(text: smallest + "\narms:\n  - {name: a, compression: auto, cohort: 2}\n")
        #expect(inTurns.arms[0].run.compression == .automatic(cohort: .count(2)))
        #expect(inTurns.arms[0].run.compression != .automatic(cohort: .all))
        let own = try Scenario(
            text: smallest + "\nserver: {strategy: fedavg}\narms:\n  - {name: a, compression: auto}\n")
        #expect(own.arms[0].run.server.name == .fedAvg)
        let coded = try Scenario(
            text: smallest + "\narms:\n  - {name: a, compression: {up: int8, down: \"auto:nmse=0.2\"}}\n")
        #expect(coded.arms[0].run.compression.down == .coded("auto:nmse=0.2"))
        let travels = "{up: 'auto:nmse=0.5,to=0.1,over=9', down: auto, predict: both, residual_half_life: 2.5}"
        let predicted = try Scenario(text: smallest + "\narms:\n  - {name: a, compression: \(travels)}\n")
        #expect(
            predicted.arms[0].run.compression
                == Compression(
                    up: "auto:nmse=0.5,to=0.1,over=9", down: .coded("auto"), prediction: .both, residualHalfLife: 2.5))
        #expect(try predicted.arms[0].yaml().contains("predict: both\n"))
    }

    @Test(arguments: [
        ("", "", LocalPlan.automaticEpochs), ("local: {epochs: 1}", "", LocalPlan.automaticEpochs),
        ("local: {epochs: 7}", "", 7), ("local: {epochs: 7}", ", local: {epochs: 2}", 2),
        ("", ", local: {epochs: 1}", 1),
    ])
    func oneWordAsksForLocalWork(shared: String, own: String, epochs: Int) throws {
        let text = smallest + "\n\(shared)\narms:\n  - {name: a, compression: auto\(own)}\n  - {name: b}\n"
        let arms = try Scenario(text: text).arms
        #expect(arms[0].run.local.epochs == epochs)
        #expect(arms[1].run.local.epochs == (shared.contains("7") ? 7 : 1))
    }

    @Test(arguments: [
        ("budget: 2 kB/client/round", 2000), ("budget: 1.5 MB/client/round", 1_500_000),
        ("budget: 7 B/client/round", 7),
        ("budget: 20 kB/client/day\nrounds_per_day: 8", 2500), ("budget: 9 kB/client/day\nrounds_per_day: 0.5", 18000),
    ])
    func budgetIsForARound(text: String, byteCount: Int) throws {
        let scenario = try Scenario(text: smallest + "\narms:\n  - {name: a, compression: auto}\n" + text)
        #expect(scenario.arms[0].run.compression.roundByteCount == byteCount)
    }

    @Test func readsEveryKey() throws {
        let scenario = try Scenario(
            text: """
                name: all
                seed: 18446744073709551615
                mode: workers
                workers: 3
                dataset: {kind: npy, train_inputs: a.npy, train_labels: b.npy, train_clients: c.npy,
                          test_inputs: d.npy, test_labels: e.npy, input_scale: 0.5, input_shift: -1}
                partition: {shards: 2}
                clients: 40
                cohort: 8
                model: [{conv2d: {out: 16, kernel: 3}}, relu, {maxpool2d: 2}, flatten, {dense: 10}]
                rounds: 5
                evaluate_every: 2
                target_accuracy: 0.5
                quorum: 6
                deadline_seconds: 1.5
                local: {epochs: 2, batch_size: 16, learning_rate: 1e-3, momentum: 0.5, weight_decay: 0.25, proximal: 0.125,
                        optimizer: adam, quantization_aware: {from_round: 4, weight_bits: 4}, calibration: {from_round: 5}}
                server: {strategy: fedyogi, learning_rate: 0.01, momentum: 0.1, beta1: 0.2, beta2: 0.3, tau: 0.4,
                         averaging: 0.7}
                arms:
                  - {name: a, compression: {up: int8, down: float32}, privacy: {clip_norm: 2}}
                """)
        #expect(scenario.seed == .max && scenario.targetAccuracy == 0.5)
        let arm = try #require(scenario.arms.first)
        #expect(arm.seed == .max && arm.mode == .workers && arm.workers == 3 && arm.clients == 40)
        #expect(arm.partition == .shards(2))
        guard case .files(let files) = arm.dataset else {
            Issue.record("\(arm.dataset)")
            return
        }
        #expect(files.kind == .npy && files.trainClients == "c.npy" && files.inputScale == 0.5)
        #expect(
            arm.run.model
                == .layers([
                    .conv2d(out: 16, window: Window(kernel: 3)), .relu, .maxpool2d(.pool(2)), .flatten, .dense(out: 10),
                ]))
        #expect(arm.run.cohort == .count(8) && arm.run.quorum == .count(6) && arm.run.deadline == .seconds(1.5))
        #expect(arm.run.rounds == 5 && arm.run.evaluateEvery == 2 && arm.run.clipNorm == 2)
        #expect(
            arm.run.local
                == LocalPlan(
                    epochs: 2, batchSize: 16, learningRate: 1e-3, momentum: 0.5, weightDecay: 0.25, proximal: 0.125,
                    optimizer: .adam, quantizationAware: QuantizationRounds(fromRound: 4, weightBits: 4),
                    calibration: QuantizationRounds(fromRound: 5)))
        #expect(
            arm.run.server
                == StrategySettings(
                    name: .fedYogi, learningRate: 0.01, momentum: 0.1, beta1: 0.2, beta2: 0.3, tau: 0.4,
                    averaging: 0.7))
        #expect(arm.policy.minimumClients == 40 && arm.policy.deadlineCeiling == .seconds(1.5))
    }

    @Test func leavesDocumentedDefaults() throws {
        let scenario = try Scenario(text: smallest)
        let arm = try #require(scenario.arms.first)
        #expect(scenario.arms.count == 1 && arm.name == "int8" && scenario.targetAccuracy == nil)
        #expect(arm.seed == 1 && arm.mode == .processes && arm.workers == nil && arm.partition == .iid)
        #expect(arm.run == RunSettings(model: .builtIn("linear"), rounds: 2))
    }

    @Test func armsOverrideSingleSettings() throws {
        let scenario = try Scenario(
            text: smallest + """

                local: {epochs: 2, learning_rate: 0.5}
                arms:
                  - name: base
                  - {name: longer, rounds: 9, local: {epochs: 4}, partition: {dirichlet: 0.5}, seed: 5, clients: 6}
                  - {name: prox, server: {strategy: fedprox}, local: {proximal: 0.25}}
                """)
        #expect(scenario.arms.map(\.name) == ["base", "longer", "prox"])
        #expect(scenario.arms.map(\.run.rounds) == [2, 9, 2])
        #expect(scenario.arms.map(\.run.local.epochs) == [2, 4, 2])
        #expect(scenario.arms.map(\.run.local.learningRate) == [0.5, 0.5, 0.5])
        #expect(scenario.arms.map(\.partition) == [.iid, .dirichlet(0.5), .iid])
        #expect(scenario.arms.map(\.seed) == [1, 5, 1])
        #expect(scenario.arms.map(\.clients) == [3, 6, 3])
        #expect(scenario.arms[2].run.server.proximal == 0.25)
    }

    @Test func aModelMayBeGivenByArmsAlone() throws {
        let scenario = try Scenario(
            text: """
                name: models
                dataset: gestures
                clients: 3
                rounds: 2
                arms: [{name: a, model: linear}, {name: b, model: [flatten, {dense: 6}]}]
                """)
        #expect(scenario.arms.map(\.run.model) == [.builtIn("linear"), .layers([.flatten, .dense(out: 6)])])
        let spec = try scenario.arms[1].run.model.spec(inputShape: [3, 4], classCount: 6)
        #expect(try spec.layout().count == 6 * 12 + 6)
        #expect(throws: TrainingError.self) {
            try scenario.arms[1].run.model.spec(inputShape: [3, 4], classCount: 5)
        }
    }
}
