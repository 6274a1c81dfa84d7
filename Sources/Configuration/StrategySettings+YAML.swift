import Federation

extension StrategySettings {
    init(_ value: YAMLValue) throws(ConfigurationError) {
        let mapping = try value.mapping([
            "strategy", "learning_rate", "momentum", "beta1", "beta2", "tau", "averaging",
        ])
        self.init()
        name = try mapping.read("strategy", or: name) { value throws(ConfigurationError) in
            try value.word(Name.self)
        }
        learningRate = try mapping.read("learning_rate", or: learningRate, Self.number)
        momentum = try mapping.read("momentum", or: momentum, Self.number)
        beta1 = try mapping.read("beta1", or: beta1, Self.number)
        beta2 = try mapping.read("beta2", or: beta2, Self.number)
        tau = try mapping.read("tau", or: tau, Self.number)
        averaging = try mapping.read("averaging", or: averaging) { value throws(ConfigurationError) in
            value.scalar == "none" ? nil : try value.float()
        }
        do { try validate() } catch { throw mapping.failure(error) }
    }

    private static func number(_ value: YAMLValue) throws(ConfigurationError) -> Float { try value.float() }

    var encoded: EncodedMapping {
        EncodedMapping([
            ("strategy", name.rawValue), ("learning_rate", learningRate), ("momentum", momentum), ("beta1", beta1),
            ("beta2", beta2), ("tau", tau), ("averaging", averaging),
        ])
    }
}
