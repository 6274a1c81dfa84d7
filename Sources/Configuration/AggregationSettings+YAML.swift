import Federation

extension AggregationSettings {
    /// Reads a rule by its name, or a mapping with its settings.
    init(_ value: YAMLValue) throws(ConfigurationError) {
        guard value.isMapping else {
            self.init(rule: try value.word(Rule.self))
            return
        }
        let mapping = try value.mapping(["rule", "norm", "hostile_fraction", "maximum_values"])
        self.init(rule: try mapping.required("rule").word(Rule.self))
        norm = try mapping.read("norm", or: norm) { value throws(ConfigurationError) in try value.number() }
        hostileFraction = try mapping.read("hostile_fraction", or: hostileFraction) {
            value throws(ConfigurationError) in try value.number()
        }
        maximumValueCount = try mapping.read("maximum_values", or: maximumValueCount) {
            value throws(ConfigurationError) in try value.integer(1...1 << 34)
        }
        do { try validate() } catch { throw mapping.failure(error) }
    }

    var encoded: EncodedMapping {
        EncodedMapping([
            ("rule", rule.rawValue), ("norm", norm), ("hostile_fraction", hostileFraction),
            ("maximum_values", maximumValueCount),
        ])
    }
}

extension AcceptanceSettings {
    init(_ value: YAMLValue) throws(ConfigurationError) {
        let mapping = try value.mapping(["maximum_drop"])
        self.init(maximumDrop: try mapping.required("maximum_drop").number())
        do { try validate() } catch { throw mapping.failure(error) }
    }
}
