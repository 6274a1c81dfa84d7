/// How rounds are run; known to the coordinator only.
public struct RoundPolicy: Hashable, Codable, Sendable {
    /// What an update weighs in the mean.
    public enum Weighting: String, Hashable, Codable, Sendable, CaseIterable {
        /// The number of samples that the client trained on.
        case samples
        /// One, whatever the number of samples.
        case uniform
    }

    /// Rounds to run, 0 or more.
    public var rounds: Int
    /// How many clients are asked in a round.
    public var cohort: CohortSize
    /// Clients that must be connected before the first round after a start, 1 or more.
    public var minimumClients: Int
    /// How many updates a round needs to count.
    public var quorum: Quorum
    /// Shortest time that clients get to answer.
    public var deadlineFloor: Duration
    /// Longest time that clients get to answer, and the time for clients whose speed is not known yet.
    public var deadlineCeiling: Duration
    /// The deadline as a multiple of the slowest answer expected, 1 or more.
    public var deadlineFactor: Double
    /// The model is evaluated after every round whose number this divides, and after the last one; 0: never.
    public var evaluateEvery: Int
    /// The federation is complete when a version reaches this int8 accuracy, above 0 up to 1; nil: after all rounds.
    public var stopAtAccuracy: Double?
    /// Time for an evaluation; after it the model is published without.
    public var evaluationDeadline: Duration
    /// Time to wait for enough clients before giving up; nil: for ever.
    public var enrolmentDeadline: Duration?
    /// Attempts at one round that may fail in a row before the federation ends with an error, 1 or more.
    public var maximumFailures: Int
    /// Pause after an attempt that failed.
    public var retryPause: Duration
    /// Time for clients that are gone to come back and hear that the federation is complete.
    public var finishGrace: Duration
    /// How the aggregate moves the model.
    public var strategy: StrategySettings
    /// What an update weighs in the mean.
    public var weighting: Weighting
    /// Differential privacy; nil: none. Needs uniform weighting.
    public var privacy: PrivacySettings?
    /// How updates become one; the mean by default.
    public var aggregation: AggregationSettings
    /// When a new version is refused; nil: never.
    public var acceptance: AcceptanceSettings?
    /// Rounds that do not wait for their slowest clients, of which the cohort trains at any time; nil: every round waits
    /// for all of its cohort.
    public var buffered: BufferedRounds?

    /// Makes the value from its fields.
    public init(
        rounds: Int, cohort: CohortSize = .all, minimumClients: Int = 1, quorum: Quorum = .fraction(0.5),
        deadlineFloor: Duration = .seconds(5), deadlineCeiling: Duration = .seconds(600), deadlineFactor: Double = 4,
        evaluateEvery: Int = 1, stopAtAccuracy: Double? = nil, evaluationDeadline: Duration = .seconds(600),
        enrolmentDeadline: Duration? = nil,
        maximumFailures: Int = 5, retryPause: Duration = .seconds(2), finishGrace: Duration = .seconds(10),
        strategy: StrategySettings = StrategySettings(),
        weighting: Weighting = .samples, privacy: PrivacySettings? = nil,
        aggregation: AggregationSettings = AggregationSettings(), acceptance: AcceptanceSettings? = nil,
        buffered: BufferedRounds? = nil
    ) {
        self.rounds = rounds
        self.cohort = cohort
        self.minimumClients = minimumClients
        self.quorum = quorum
        self.deadlineFloor = deadlineFloor
        self.deadlineCeiling = deadlineCeiling
        self.deadlineFactor = deadlineFactor
        self.evaluateEvery = evaluateEvery
        self.stopAtAccuracy = stopAtAccuracy
        self.evaluationDeadline = evaluationDeadline
        self.enrolmentDeadline = enrolmentDeadline
        self.maximumFailures = maximumFailures
        self.retryPause = retryPause
        self.finishGrace = finishGrace
        self.strategy = strategy
        self.weighting = weighting
        self.privacy = privacy
        self.aggregation = aggregation
        self.acceptance = acceptance
        self.buffered = buffered
    }

    /// Checks all ranges.
    ///
    /// - Throws: `FederationError.invalidSetting` that names the field.
    public func validate() throws(FederationError) {
        func check(_ valid: Bool, _ name: String, _ allowed: String) throws(FederationError) {
            guard valid else { throw .invalidSetting(name, allowed: allowed) }
        }
        try check((0...1 << 24).contains(rounds), "rounds", "0 to 16777216")
        switch cohort {
        case .all: break
        case .count(let count): try check(count >= 1, "cohort", "1 or more, or all")
        case .poisson(let rate): try check(rate > 0 && rate <= 1, "cohort", "a rate above 0, at most 1")
        case .dealt(let rounds): try check(rounds >= 1, "cohort", "1 or more rounds")
        }
        try check(minimumClients >= 1, "minimum_clients", "1 or more")
        switch quorum {
        case .fraction(let fraction): try check(fraction > 0 && fraction <= 1, "quorum", "above 0, at most 1")
        case .count(let count):
            try check(count >= 1, "quorum", "1 or more")
            if case .count(let cohort) = cohort { try check(count <= cohort, "quorum", "the cohort or less") }
        }
        try check(deadlineFloor > .zero, "deadline_floor", "above 0")
        try check(deadlineCeiling >= deadlineFloor, "deadline_ceiling", "the floor or more")
        try check(deadlineFactor >= 1 && deadlineFactor.isFinite, "deadline_factor", "1 or more")
        try check(evaluateEvery >= 0, "evaluate_every", "0 or more")
        if let stopAtAccuracy {
            try check(stopAtAccuracy > 0 && stopAtAccuracy <= 1, "stop_at_accuracy", "above 0, at most 1")
        }
        try check(evaluationDeadline > .zero, "evaluation_deadline", "above 0")
        try check(maximumFailures >= 1, "maximum_failures", "1 or more")
        try check(retryPause >= .zero, "retry_pause", "0 or more")
        try strategy.validate()
        try aggregation.validate()
        try acceptance?.validate()
        try buffered?.validate(cohort: cohort, isPrivate: privacy != nil)
        if acceptance != nil { try check(evaluateEvery == 1, "evaluate_every", "1, with acceptance") }
        guard let privacy else { return }
        try privacy.validate(cohort: cohort)
        try check(weighting == .uniform, "weighting", "uniform, with privacy")
        try check(aggregation.rule == .mean, "aggregation", "mean, with privacy: its noise is that of a sum")
    }
}
