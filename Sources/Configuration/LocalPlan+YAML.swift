import Federation

extension LocalPlan {
    init(_ value: YAMLValue) throws(ConfigurationError) {
        let mapping = try value.mapping([
            "epochs", "batch_size", "learning_rate", "momentum", "weight_decay", "proximal", "optimizer",
            "quantization_aware", "calibration",
        ])
        self.init()
        epochs = try mapping.read("epochs", or: epochs, Self.count)
        batchSize = try mapping.read("batch_size", or: batchSize, Self.count)
        learningRate = try mapping.read("learning_rate", or: learningRate, Self.number)
        momentum = try mapping.read("momentum", or: momentum, Self.number)
        weightDecay = try mapping.read("weight_decay", or: weightDecay, Self.number)
        proximal = try mapping.read("proximal", or: proximal, Self.number)
        optimizer = try mapping.read("optimizer", or: optimizer) { value throws(ConfigurationError) in
            try value.word(Optimizer.self)
        }
        quantizationAware = try mapping.read("quantization_aware") { value throws(ConfigurationError) in
            try QuantizationRounds(value, keys: ["from_round", "weight_bits"])
        }
        calibration = try mapping.read("calibration") { value throws(ConfigurationError) in
            try QuantizationRounds(value, keys: ["from_round"])
        }
        do { try validate() } catch { throw mapping.failure(error) }
    }

    private static func count(_ value: YAMLValue) throws(ConfigurationError) -> Int {
        try value.integer(1...Int(Int32.max))
    }

    private static func number(_ value: YAMLValue) throws(ConfigurationError) -> Float { try value.float() }

    var encoded: EncodedMapping {
        EncodedMapping([
            ("epochs", epochs), ("batch_size", batchSize), ("learning_rate", learningRate), ("momentum", momentum),
            ("weight_decay", weightDecay), ("proximal", proximal), ("optimizer", optimizer.rawValue),
            ("quantization_aware", quantizationAware.map { $0.encoded(with: [("weight_bits", $0.weightBits)]) }),
            ("calibration", calibration.map { $0.encoded() }),
        ])
    }
}

extension QuantizationRounds {
    fileprivate init(_ value: YAMLValue, keys: [String]) throws(ConfigurationError) {
        let mapping = try value.mapping(keys)
        self.init(
            fromRound: try mapping.required("from_round").integer(1...1_000_000),
            weightBits: try mapping.read("weight_bits", or: 8) { value throws(ConfigurationError) in
                try value.integer(2...8)
            })
    }

    fileprivate func encoded(with others: [(String, (any Encodable)?)] = []) -> EncodedMapping {
        EncodedMapping([("from_round", fromRound)] + others)
    }
}

extension YAMLMapping {
    /// The line and the words for a setting that its own type refused.
    func failure(_ error: FederationError) -> ConfigurationError {
        guard case .invalidSetting(let name, let allowed) = error else { return whole.failure("\(error)") }
        let key = String(name.split(separator: ".").last ?? "")
        guard let value = values[key] else { return whole.failure("\(key) is out of range; allowed is \(allowed)") }
        return value.failure("is \(value.shown); allowed is \(allowed)")
    }
}
