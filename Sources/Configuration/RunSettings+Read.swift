import Federation
import UpdateCodec

extension RunSettings {
    init(_ mapping: YAMLMapping) throws(ConfigurationError) {
        model = try ModelChoice(mapping.required("model"))
        rounds = try mapping.required("rounds").integer(1...1_000_000)
        cohort = try mapping.read("cohort", or: .all) { value throws(ConfigurationError) in try .init(value) }
        evaluateEvery = try mapping.read("evaluate_every", or: 1) { value throws(ConfigurationError) in
            try value.integer(1...1_000_000)
        }
        stopAtAccuracy = try mapping.read("stop_at_accuracy") { value throws(ConfigurationError) in
            try value.number(above: 0, upTo: 1)
        }
        quorum = try mapping.read("quorum", or: .fraction(0.5)) { value throws(ConfigurationError) in
            try .init(value)
        }
        deadline = try mapping.read("deadline_seconds", or: .seconds(600)) { value throws(ConfigurationError) in
            try value.seconds()
        }
        local = try mapping.read("local", or: LocalPlan()) { value throws(ConfigurationError) in try .init(value) }
        let isAuto = mapping["compression"]?.scalar == Compression.automaticWord
        let fallback = isAuto ? StrategySettings.automatic : StrategySettings()
        if isAuto, mapping["local"] == nil || mapping.whole.inherited.contains("local") {
            local.epochs = max(local.epochs, LocalPlan.automaticEpochs)
        }
        server = try mapping.read("server", or: fallback) { value throws(ConfigurationError) in try .init(value) }
        if server.name == .fedProx, local.proximal > 0 { server.proximal = local.proximal }
        let asked = cohort
        compression = try mapping.read("compression", or: Compression(up: "int8", down: .int8)) {
            value throws(ConfigurationError) in try .init(value, cohort: asked)
        }
        aggregation = try mapping.read("aggregation", or: AggregationSettings()) {
            value throws(ConfigurationError) in try .init(value)
        }
        acceptance = try mapping.read("acceptance") { value throws(ConfigurationError) in try .init(value) }
        clipNorm = nil
        if let value = mapping["privacy"] {
            if value.entry("mechanism") == nil {
                clipNorm = try Self.clipNorm(value)
            } else {
                privacy = try PrivacySettings(value, cohort: cohort, rounds: rounds)
            }
        }
        let (travels, isPrivate) = (compression, privacy != nil)
        buffered = try mapping.read("buffered") { value throws(ConfigurationError) in
            try .init(value, cohort: asked, compression: travels, isPrivate: isPrivate)
        }
        compression.roundByteCount = try Self.roundByteCount(mapping)
        devices = try mapping.read("devices", or: []) { value throws(ConfigurationError) in
            try value.linkedDevices()
        }
        if case .count(let asked) = cohort, case .count(let needed) = quorum, needed > asked {
            throw try mapping.required("quorum").failure(
                "is \(needed), but the cohort is \(asked); allowed is the cohort or less")
        }
    }

    private static func roundByteCount(_ mapping: YAMLMapping) throws(ConfigurationError) -> Int? {
        let perDay = try mapping.read("rounds_per_day") { value throws(ConfigurationError) in
            try value.number(above: 0, upTo: 86_400)
        }
        guard let value = mapping["budget"] else { return nil }
        let budget = try ByteBudget(value)
        guard budget.period == .round || perDay != nil else {
            throw value.failure("is for a day: say with 'rounds_per_day' how many rounds a client takes part in")
        }
        return budget.roundByteCount(roundsPerDay: perDay ?? 1)
    }

    private static func clipNorm(_ value: YAMLValue) throws(ConfigurationError) -> Float? {
        guard value.isMapping else {
            guard value.scalar == "none" else {
                throw value.failure("is \(value.shown); allowed: none, {clip_norm: x}, {mechanism: …}")
            }
            return nil
        }
        let norm = try value.mapping(["clip_norm"]).required("clip_norm")
        let clip = try norm.float()
        guard clip > 0 else { throw norm.failure("is \(clip); allowed is above 0") }
        return clip
    }
}

extension CohortSize {
    init(_ value: YAMLValue) throws(ConfigurationError) {
        if value.scalar == "all" {
            self = .all
        } else if value.isInteger {
            self = .count(try value.integer(1...1_000_000))
        } else if let rate = value.entry("poisson") {
            _ = try value.mapping(["poisson"])
            self = .poisson(try rate.number(above: 0, upTo: 1))
        } else if let rounds = value.entry("dealt") {
            _ = try value.mapping(["dealt"])
            self = .dealt(rounds: try rounds.integer(1...1_000_000))
        } else {
            throw value.failure(
                "is \(value.shown); allowed: a count of 1 or more, all, {poisson: rate}, {dealt: rounds}")
        }
    }
}

extension Quorum {
    init(_ value: YAMLValue) throws(ConfigurationError) {
        if value.isInteger {
            self = .count(try value.integer(1...1_000_000))
        } else {
            self = .fraction(try value.number(above: 0, upTo: 1))
        }
    }
}

extension Compression {
    /// The word for `Compression.automatic(cohort:)`.
    static let automaticWord = "auto"

    /// Reads the two words that a scenario has under `compression`.
    ///
    /// - Throws: `ConfigurationError` that says what is allowed.
    public static func parsed(up: String, down: String) throws(ConfigurationError) -> Compression {
        let text = "up: \"\(up)\"\ndown: \"\(down)\"\n"
        return try Compression(YAMLFile.parse(text, file: "compression"), cohort: .all)
    }

    init(_ value: YAMLValue, cohort: CohortSize) throws(ConfigurationError) {
        guard value.isMapping else {
            guard value.scalar == Self.automaticWord else {
                throw value.failure("is \(value.shown); allowed: auto, {up: codec, down: codec}")
            }
            self = .automatic(cohort: cohort)
            return
        }
        let mapping = try value.mapping(["up", "down", "predict", "residual_half_life"])
        let down = try mapping.required("down")
        self.init(
            up: try Self.codec(mapping.required("up")), down: Downlink(rawValue: try Self.codec(down)) ?? .int8,
            prediction: try mapping.read("predict") { value throws(ConfigurationError) in
                try value.word(Prediction.self)
            },
            residualHalfLife: try mapping.read("residual_half_life") { value throws(ConfigurationError) in
                try value.number(above: 0, upTo: 1_000_000)
            })
        do { try validate(cohort: cohort) } catch { throw mapping.failure(error) }
    }

    /// A codec's name, with parameters after a colon where it takes any: `auto:nmse=0.5`.
    private static func codec(_ value: YAMLValue) throws(ConfigurationError) -> String {
        let specification = try value.text()
        guard specification.contains(":") else { return try value.word(UpdateCodecs.names + ["masked"]) }
        do { _ = try UpdateCodecs.named(specification) } catch {
            throw value.failure("is \(value.shown), which is no codec: \(error)")
        }
        return specification
    }
}

/// A cohort as files write it.
struct CohortText: Encodable {
    let cohort: CohortSize

    init(_ cohort: CohortSize) { self.cohort = cohort }

    func encode(to encoder: any Encoder) throws {
        switch cohort {
        case .all: try "all".encode(to: encoder)
        case .count(let count): try count.encode(to: encoder)
        case .poisson(let rate): try EncodedMapping([("poisson", rate)]).encode(to: encoder)
        case .dealt(let rounds): try EncodedMapping([("dealt", rounds)]).encode(to: encoder)
        }
    }
}

/// A quorum as files write it.
struct QuorumText: Encodable {
    let quorum: Quorum

    init(_ quorum: Quorum) { self.quorum = quorum }

    func encode(to encoder: any Encoder) throws {
        switch quorum {
        case .count(let count): try count.encode(to: encoder)
        case .fraction(let fraction): try fraction.encode(to: encoder)
        }
    }
}
