import Federation

/// What a federation trains and how: the settings that scenarios, their arms and federation files share.
public struct RunSettings: Hashable, Sendable {
    /// `model`: a built-in name or a list of layers; required.
    public var model: ModelChoice
    /// `rounds`, 1 to 1,000,000; required.
    public var rounds: Int
    /// `cohort`: clients asked in a round, a count or `all`; `all` by default.
    public var cohort: CohortSize
    /// `evaluate_every`: rounds from one evaluation to the next; 1 by default. The last round is always evaluated.
    public var evaluateEvery: Int
    /// `stop_at_accuracy`: the run is complete once the int8 model has this accuracy, a fraction; by default all rounds
    /// are run.
    public var stopAtAccuracy: Double?
    /// `quorum`: updates that a round needs, a count (whole number) or a part of the cohort (with a decimal point); 0.5
    /// by default.
    public var quorum: Quorum
    /// `deadline_seconds`: longest time that clients get in a round; 600 by default.
    public var deadline: Duration
    /// `local`: how clients train.
    public var local: LocalPlan
    /// `server`: how the coordinator moves the model. With `strategy: fedprox` the proximal weight is `local.proximal`,
    /// or 0.01 where that is not given.
    public var server: StrategySettings
    /// `compression`: how updates (`up`) and models (`down`) travel, or `auto` for `Compression.automatic(cohort:)` and, where
    /// `server` is not given, `StrategySettings.automatic`; int8 both ways by default. With `auto`, clients pass over
    /// their samples `LocalPlan.automaticEpochs` times at least, unless `local` is given beside it. Beside `up` and `down`:
    /// `predict`, `up`, `down` or `both`: what transform codecs code as the difference to the client's last update or to
    /// the last step of the model; and `residual_half_life`, rounds after which a client that was not asked has given up
    /// half of what compression left behind of its last update. Neither by default.
    ///
    /// `budget`: most bytes of a client, such as `2 kB/client/round`, or `20 kB/client/day` together with
    /// `rounds_per_day`, the rounds that a client takes part in; none by default. Codecs with a target keep to it.
    public var compression: Compression
    /// `privacy`: `none`, or `{clip_norm: x}`, the largest L2 norm of an update; `none` by default.
    public var clipNorm: Float?
    /// `privacy` with a `mechanism`: differential privacy of the published models; none by default.
    public var privacy: PrivacySettings?
    /// `aggregation`: how updates become one, a rule or a mapping; `mean` by default.
    public var aggregation: AggregationSettings
    /// `acceptance`: `{maximum_drop: x}`, when a new version is refused; never by default.
    public var acceptance: AcceptanceSettings?
    /// `buffered`: `{size: 5, maximum_staleness: 10}`: rounds do not wait for their slowest clients. The cohort is then the
    /// number of clients that train at any time, `size` the updates that make a new version, and `maximum_staleness`, 10
    /// by default, how many versions an update may be behind. Only in the visible lane and without differential privacy;
    /// never by default.
    public var buffered: BufferedRounds?
    /// `devices`: what the clients are, such as `[phone+wifi, stm32l4+lora-sf7]`; client n is entry n modulo their number
    /// and does the part of the work that fits it. None by default: every client does all of it.
    public var devices: [LinkedDevice]

    /// Makes the value from its fields, with the defaults of the files.
    public init(
        model: ModelChoice, rounds: Int, cohort: CohortSize = .all, evaluateEvery: Int = 1,
        stopAtAccuracy: Double? = nil, quorum: Quorum = .fraction(0.5), deadline: Duration = .seconds(600),
        local: LocalPlan = LocalPlan(),
        server: StrategySettings = StrategySettings(), compression: Compression = Compression(up: "int8", down: .int8),
        clipNorm: Float? = nil, privacy: PrivacySettings? = nil,
        aggregation: AggregationSettings = AggregationSettings(), acceptance: AcceptanceSettings? = nil,
        buffered: BufferedRounds? = nil, devices: [LinkedDevice] = []
    ) {
        self.model = model
        self.rounds = rounds
        self.cohort = cohort
        self.evaluateEvery = evaluateEvery
        self.stopAtAccuracy = stopAtAccuracy
        self.quorum = quorum
        self.deadline = deadline
        self.local = local
        self.server = server
        self.compression = compression
        self.clipNorm = clipNorm
        self.privacy = privacy
        self.aggregation = aggregation
        self.acceptance = acceptance
        self.buffered = buffered
        self.devices = devices
    }

    /// The keys of these settings.
    static let keys = [
        "model", "rounds", "cohort", "evaluate_every", "stop_at_accuracy", "quorum", "deadline_seconds", "local",
        "server", "compression", "budget", "rounds_per_day", "privacy", "aggregation", "acceptance",
        "buffered", "devices",
    ]

    /// Takes over what `compression: auto` stands for where nothing else is said.
    public mutating func compressAutomatically() {
        compression = .automatic(cohort: cohort)
        server = .automatic
        local.epochs = max(local.epochs, LocalPlan.automaticEpochs)
    }

    /// The policy of the rounds.
    ///
    /// - Parameter minimumClients: that must be connected before the first round, 1 or more.
    public func policy(minimumClients: Int) -> RoundPolicy {
        RoundPolicy(
            rounds: rounds, cohort: cohort, minimumClients: minimumClients, quorum: quorum,
            deadlineFloor: min(.seconds(5), deadline), deadlineCeiling: deadline, evaluateEvery: evaluateEvery,
            stopAtAccuracy: stopAtAccuracy, strategy: server,
            weighting: privacy == nil ? .samples : .uniform, privacy: privacy,
            aggregation: aggregation, acceptance: acceptance, buffered: buffered)
    }

    /// The norm that clients clip to. A clip that adapts is the coordinator's alone, which clips in any case.
    public var clientClipNorm: Float? {
        clipNorm ?? privacy.flatMap { $0.adaptive == nil ? Float($0.clip) : nil }
    }

    /// The settings as keys of a file.
    var encoded: [(String, (any Encodable)?)] {
        [
            ("model", model), ("rounds", rounds), ("cohort", CohortText(cohort)), ("evaluate_every", evaluateEvery),
            ("stop_at_accuracy", stopAtAccuracy), ("quorum", QuorumText(quorum)),
            ("deadline_seconds", deadline.inSeconds), ("local", local.encoded),
            ("server", server.encoded),
            (
                "compression",
                EncodedMapping([
                    ("up", compression.up), ("down", compression.down.rawValue),
                    ("predict", compression.prediction?.rawValue),
                    ("residual_half_life", compression.residualHalfLife),
                ])
            ),
            ("privacy", encodedPrivacy), ("aggregation", aggregation.encoded),
            ("acceptance", acceptance.map { EncodedMapping([("maximum_drop", $0.maximumDrop)]) }),
            ("buffered", buffered?.encoded),
            ("budget", compression.roundByteCount.map { ByteBudget(byteCount: $0, period: .round).text }),
            ("devices", devices.isEmpty ? nil : devices.map(\.name)),
        ]
    }

    private var encodedPrivacy: any Encodable {
        if let privacy { return privacy.encoded }
        guard let clipNorm else { return "none" }
        return EncodedMapping([("clip_norm", clipNorm)])
    }
}
