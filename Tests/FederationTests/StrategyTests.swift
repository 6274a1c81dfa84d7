import Federation
import Tensors
import Testing

struct StrategyTests {
    private static let layout = try? ParameterLayout([("w", [2, 2], .weight), ("s", [2], .statistic)])
    private static let updates: [[Float]] = [
        [0.5, -0.25, 0.125, 0, 1, -2], [0.25, 0.25, -0.5, 0, 0.5, 0.5], [-1, 0.0625, 0.5, 0, -1, 3],
    ]

    /// The scalar recursions in double precision, one parameter at a time.
    private static func expected(_ settings: StrategySettings, _ deltas: [Double]) -> Double {
        var weight = 1.0
        var first = 0.0
        var second = Double(settings.tau) * Double(settings.tau)
        let rate = Double(settings.learningRate)
        let beta1 = Double(settings.beta1)
        let beta2 = Double(settings.beta2)
        for delta in deltas {
            switch settings.name {
            case .fedAvg, .fedProx: weight += rate * delta
            case .signVote: weight += delta == 0 ? 0 : delta > 0 ? rate : -rate
            case .fedAvgM:
                first = Double(settings.momentum) * first + delta
                weight += rate * first
            case .fedAdam:
                first = beta1 * first + (1 - beta1) * delta
                second = beta2 * second + (1 - beta2) * delta * delta
                weight += rate * first / (second.squareRoot() + Double(settings.tau))
            case .fedYogi:
                first = beta1 * first + (1 - beta1) * delta
                let square = delta * delta
                second -= (1 - beta2) * square * (second > square ? 1 : second < square ? -1 : 0)
                weight += rate * first / (second.squareRoot() + Double(settings.tau))
            }
        }
        return weight
    }

    @Test(arguments: StrategySettings.Name.allCases) func movesTheMasterAsItsPaperSays(name: StrategySettings.Name)
        throws
    {
        let layout = try #require(Self.layout)
        let settings = StrategySettings(name: name, learningRate: 0.5, momentum: 0.75)
        var master = [Float](repeating: 1, count: 6)
        var state = StrategyState()
        for update in Self.updates {
            settings.strategy().apply(update, layout: layout, to: &master, state: &state)
        }
        for index in 0..<4 {
            let expected = Self.expected(settings, Self.updates.map { Double($0[index]) })
            #expect(abs(Double(master[index]) - expected) < 1e-5)
        }
        // Measured statistics are averaged, whatever the strategy does to weights.
        #expect(master[4...] == [1.5, 2.5])
    }

    @Test func onlyFedProxChangesThePlan() {
        let plan = LocalPlan(learningRate: 0.25, proximal: 0.5)
        for name in StrategySettings.Name.allCases {
            let changed = StrategySettings(name: name, proximal: 0.125).strategy().localPlan(plan)
            #expect(changed.proximal == (name == .fedProx ? 0.125 : 0.5))
            #expect(changed.learningRate == plan.learningRate)
        }
    }

    @Test func settingsOutOfRangeAreNamed() {
        #expect(throws: FederationError.invalidSetting("server.tau", allowed: "above 0")) {
            try StrategySettings(tau: 0).validate()
        }
        for broken in [
            StrategySettings(learningRate: 0), StrategySettings(learningRate: .infinity), StrategySettings(momentum: 1),
            StrategySettings(beta1: -0.1), StrategySettings(beta2: 1), StrategySettings(proximal: .nan),
        ] {
            #expect(throws: FederationError.self) { try broken.validate() }
        }
    }
}
