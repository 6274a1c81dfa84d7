/// How a client trains in one round.
public struct LocalPlan: Hashable, Codable, Sendable {
    /// The optimizer that clients run.
    public enum Optimizer: String, Hashable, Codable, Sendable, CaseIterable { case sgd, adam }

    /// Passes over the local samples, 1 or more.
    public var epochs: Int
    /// Samples per step, 1 or more.
    public var batchSize: Int
    /// Step size, above 0.
    public var learningRate: Float
    /// Momentum of SGD, 0 ≤ momentum < 1.
    public var momentum: Float
    /// L2 penalty on the weights, 0 or more.
    public var weightDecay: Float
    /// Weight μ of the proximal term, 0 or more; 0: none.
    public var proximal: Float
    /// The optimizer that clients run.
    public var optimizer: Optimizer
    /// Rounds in which clients train with rounded weights and activations; nil: none.
    public var quantizationAware: QuantizationRounds?
    /// Rounds in which clients send histograms of their activations with their updates, for the quantization of the final
    /// model; the newest count. Nil: none. Only in the visible lane and without differential privacy.
    public var calibration: QuantizationRounds?

    /// Makes the value from its fields.
    public init(
        epochs: Int = 1, batchSize: Int = 32, learningRate: Float = 0.05, momentum: Float = 0, weightDecay: Float = 0,
        proximal: Float = 0, optimizer: Optimizer = .sgd, quantizationAware: QuantizationRounds? = nil,
        calibration: QuantizationRounds? = nil
    ) {
        self.epochs = epochs
        self.batchSize = batchSize
        self.learningRate = learningRate
        self.momentum = momentum
        self.weightDecay = weightDecay
        self.proximal = proximal
        self.optimizer = optimizer
        self.quantizationAware = quantizationAware
        self.calibration = calibration
    }

    /// Fewest passes over the local samples that go with `Compression.automatic(cohort:)`: a longer way of each client per round
    /// makes for fewer rounds, and the bytes of a round hardly grow with it. Costs computing time at the clients.
    public static let automaticEpochs = 3

    /// Whether clients send their activations in a round.
    public func calibrates(in round: Int) -> Bool { calibration?.contains(round) ?? false }

    /// Checks all ranges.
    ///
    /// - Throws: `FederationError.invalidSetting` that names the field.
    public func validate() throws(FederationError) {
        func check(_ valid: Bool, _ name: String, _ allowed: String) throws(FederationError) {
            guard valid else { throw .invalidSetting("local.\(name)", allowed: allowed) }
        }
        try check((1...10_000).contains(epochs), "epochs", "1 to 10000")
        try check((1...1 << 20).contains(batchSize), "batch_size", "1 to 1048576")
        try check(learningRate > 0 && learningRate.isFinite, "learning_rate", "above 0")
        try check(momentum >= 0 && momentum < 1, "momentum", "0 up to but not including 1")
        try check(weightDecay >= 0 && weightDecay.isFinite, "weight_decay", "0 or more")
        try check(proximal >= 0 && proximal.isFinite, "proximal", "0 or more")
        try check(
            quantizationAware?.isValid ?? true, "quantization_aware", "from_round 1 to 1000000, weight_bits 2 to 8")
        try check(calibration?.isValid ?? true, "calibration", "from_round 1 to 1000000")
    }
}
