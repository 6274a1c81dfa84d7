/// Which server strategy runs, and its settings; fields that a strategy does not use are ignored.
public struct StrategySettings: Hashable, Codable, Sendable {
    /// The strategies that there are.
    public enum Name: String, Hashable, Codable, Sendable, CaseIterable {
        case fedAvg = "fedavg"
        case fedProx = "fedprox"
        case fedAvgM = "fedavgm"
        case fedAdam = "fedadam"
        case fedYogi = "fedyogi"
        case signVote = "sign-vote"
    }

    /// The strategy.
    public var name: Name
    /// Server learning rate, above 0; 1 is plain averaging.
    public var learningRate: Float
    /// FedAvgM: momentum, 0 ≤ momentum < 1.
    public var momentum: Float
    /// FedAdam and FedYogi: decay of the first moment, 0 ≤ β₁ < 1.
    public var beta1: Float
    /// FedAdam and FedYogi: decay of the second moment, 0 ≤ β₂ < 1.
    public var beta2: Float
    /// FedAdam and FedYogi: degree of adaptivity τ, above 0.
    public var tau: Float
    /// FedProx: weight μ of the proximal term at the clients, 0 or more.
    public var proximal: Float
    /// Recency η, 0 to 1000, of the mean of the masters that is evaluated and exported: it reaches over about the last
    /// 1/(1 + η) of all versions. Nil: the newest version alone. Clients train from the newest version in any case, and no
    /// message grows.
    public var averaging: Float?

    /// Makes the value from its fields.
    public init(
        name: Name = .fedAvg, learningRate: Float = 1, momentum: Float = 0.9, beta1: Float = 0.9, beta2: Float = 0.99,
        tau: Float = 1e-3, proximal: Float = 0.01, averaging: Float? = nil
    ) {
        self.name = name
        self.learningRate = learningRate
        self.momentum = momentum
        self.beta1 = beta1
        self.beta2 = beta2
        self.tau = tau
        self.proximal = proximal
        self.averaging = averaging
    }

    /// What goes with `Compression.automatic(cohort:)`: a little momentum, which carries on what updates leave out, and a mean of
    /// versions, which evens out what the codecs add.
    public static let automatic = StrategySettings(name: .fedAvgM, momentum: 0.5, averaging: 3)

    /// Checks all ranges.
    ///
    /// - Throws: `FederationError.invalidSetting` that names the field.
    public func validate() throws(FederationError) {
        func check(_ valid: Bool, _ name: String, _ allowed: String) throws(FederationError) {
            guard valid else { throw .invalidSetting("server.\(name)", allowed: allowed) }
        }
        try check(learningRate > 0 && learningRate.isFinite, "learning_rate", "above 0")
        try check(momentum >= 0 && momentum < 1, "momentum", "0 up to but not including 1")
        try check(beta1 >= 0 && beta1 < 1, "beta1", "0 up to but not including 1")
        try check(beta2 >= 0 && beta2 < 1, "beta2", "0 up to but not including 1")
        try check(tau > 0 && tau.isFinite, "tau", "above 0")
        if let averaging { try check(averaging >= 0 && averaging <= 1000, "averaging", "0 to 1000") }
        try check(proximal >= 0 && proximal.isFinite, "proximal", "0 or more")
    }
}
