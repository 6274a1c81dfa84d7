import Federation
import Privacy

extension PrivacySettings {
    private static let keys = [
        "mechanism", "clip", "adaptive", "noise_multiplier", "epsilon", "delta", "accountant", "survivors",
    ]

    /// Reads the settings. Without `noise_multiplier` it is the least one with which all rounds fit the budget.
    init(_ value: YAMLValue, cohort: CohortSize, rounds: Int) throws(ConfigurationError) {
        let mapping = try value.mapping(Self.keys)
        let epsilon = try mapping.required("epsilon").number(above: 0, upTo: 10_000)
        let delta = try mapping.required("delta").number(above: 0, upTo: 0.5)
        let mechanism = try mapping.required("mechanism").word(Mechanism.self)
        let accountant = try mapping.read("accountant", or: mechanism.isDistributed ? .rdp : .pld) {
            value throws(ConfigurationError) in
            try value.word(Accountant.self)
        }
        let noise = try mapping.read("noise_multiplier") { value throws(ConfigurationError) in try value.number() }
        let survivors = try mapping.read("survivors") { value throws(ConfigurationError) in try value.integer(1...1000)
        }
        do {
            self.init(
                mechanism: mechanism, clip: try mapping.required("clip").number(), noiseMultiplier: noise ?? 1,
                budget: try PrivacyBudget(epsilon: epsilon, delta: delta), accountant: accountant,
                survivors: survivors)
            if noise == nil, mechanism.isDistributed { _ = try mapping.required("noise_multiplier") }
            if noise == nil { noiseMultiplier = try leastNoise(cohort: cohort, rounds: rounds) }
        } catch let error as ConfigurationError { throw error } catch let error as FederationError {
            throw mapping.failure(error)
        } catch { throw value.failure("cannot be met: \(error)") }
        adaptive = try mapping.read("adaptive") { value throws(ConfigurationError) in
            try .init(value, noiseMultiplier: noiseMultiplier)
        }
        do { try validate(cohort: cohort) } catch { throw mapping.failure(error) }
    }

    private func leastNoise(cohort: CohortSize, rounds: Int) throws -> Double {
        var releases = rounds
        if case .dealt(let hand) = cohort { releases = (rounds + hand - 1) / hand }
        let plan = PrivacyPlan(
            mechanism: try release(cohort: cohort), rounds: releases, delta: budget.delta, accountant: accountant)
        return try plan.noise(for: budget.epsilon)
    }

    var encoded: EncodedMapping {
        EncodedMapping([
            ("mechanism", mechanism.rawValue), ("clip", clip),
            (
                "adaptive",
                adaptive.map {
                    EncodedMapping([
                        ("quantile", $0.quantile), ("rate", $0.rate), ("count_deviation", $0.countDeviation),
                    ])
                }
            ),
            ("noise_multiplier", noiseMultiplier), ("epsilon", budget.epsilon), ("delta", budget.delta),
            ("accountant", accountant.rawValue), ("survivors", survivors),
        ])
    }
}

extension AdaptiveClip {
    init(_ value: YAMLValue, noiseMultiplier: Double) throws(ConfigurationError) {
        let mapping = try value.mapping(["quantile", "rate", "count_deviation"])
        self.init(
            quantile: try mapping.read("quantile", or: 0.5, Self.number),
            rate: try mapping.read("rate", or: 0.2, Self.number),
            countDeviation: try mapping.read("count_deviation", or: max(5, noiseMultiplier), Self.number))
    }

    private static func number(_ value: YAMLValue) throws(ConfigurationError) -> Double { try value.number() }
}
