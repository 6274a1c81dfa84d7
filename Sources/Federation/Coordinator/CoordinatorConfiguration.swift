import Messages
import Tensors
import UpdateCodec

/// What a coordinator is started with.
public struct CoordinatorConfiguration: Sendable {
    /// What coordinator and clients agree on; the plan is the one that the strategy asks of clients.
    public let parameters: FederationParameters
    /// How rounds are run.
    public let policy: RoundPolicy
    /// The shape of the model.
    public let layout: ParameterLayout
    /// Version 0 of the float master, `layout.count` values; clients derive the same from the seed.
    public let initialParameters: [Float]
    /// Tensors of the model whose activations clients count in rounds that calibrate.
    public let activationPointCount: Int
    /// What the coordinator holds at most.
    public let limits: CoordinatorLimits
    /// The Ed25519 key that signs rosters: masked rounds are run with those whom it has signed, and with nobody else.
    /// Nil: with everybody on the coordinator's own roster.
    public let rootKey: PublicKeyBytes?
    /// In which order buffered rounds take updates: by the expected time of each client's turn on its link, so that a run
    /// gives the same model whatever the order of arrival. Nil: as they come.
    public let turnTime: TurnTime?

    /// Checks everything and lets the strategy adapt the plan.
    ///
    /// - Throws: `FederationError.invalidSetting`, `.shapeMismatch`.
    public init(
        parameters: FederationParameters, policy: RoundPolicy, layout: ParameterLayout, initialParameters: [Float],
        activationPointCount: Int = 0, limits: CoordinatorLimits = CoordinatorLimits(), rootKey: PublicKeyBytes? = nil,
        turnTime: TurnTime? = nil
    ) throws(FederationError) {
        try policy.validate()
        var parameters = parameters
        parameters.plan = policy.strategy.strategy().localPlan(parameters.plan)
        try parameters.validate()
        if MaskedCodec.isNamed(by: parameters.compression.up) {
            guard policy.buffered == nil else {
                throw .invalidSetting(
                    "buffered", allowed: "none with a masked uplink, whose sums need everybody of one round")
            }
            if let privacy = policy.privacy {
                parameters.maskedPrivacy = try privacy.maskedPrivacy()
                // Clients bound the coefficients; what is left out of an update needs no bound.
                parameters.clipNorm = nil
            }
            guard policy.aggregation.rule == .mean else {
                throw .invalidSetting("aggregation", allowed: "mean with a masked uplink, which shows sums only")
            }
        }
        if policy.privacy?.mechanism.isDistributed == true, parameters.maskedPrivacy == nil {
            throw .invalidSetting("privacy.mechanism", allowed: "gaussian or tree, unless the uplink is masked")
        }
        try parameters.compression.validate(cohort: policy.cohort)
        guard parameters.plan.calibration == nil || policy.privacy == nil else {
            throw .invalidSetting(
                "local.calibration", allowed: "none with differential privacy, which does not cover activations")
        }
        guard initialParameters.count == layout.count else {
            throw .shapeMismatch(expected: layout.count, actual: initialParameters.count)
        }
        self.parameters = parameters
        self.policy = policy
        self.layout = layout
        self.initialParameters = initialParameters
        self.activationPointCount = activationPointCount
        self.limits = limits
        self.rootKey = rootKey
        self.turnTime = turnTime
    }
}
