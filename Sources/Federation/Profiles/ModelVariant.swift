/// One form of a model that a device might get: of some width, with so many bits.
public struct ModelVariant: Hashable, Sendable {
    /// Name, such as `int8` or `int4-half`.
    public var name: String
    /// What it asks of a device.
    public var cost: ModelCost
    /// Bytes that deliver it.
    public var downloadByteCount: Int
    /// Measured accuracy, 0...1, where it is known.
    public var accuracy: Double?

    /// Makes the value from its fields.
    public init(name: String, cost: ModelCost, downloadByteCount: Int, accuracy: Double? = nil) {
        self.name = name
        self.cost = cost
        self.downloadByteCount = downloadByteCount
        self.accuracy = accuracy
    }
}

/// What training a model sends over each client's link.
public struct TrainingTraffic: Hashable, Sendable {
    /// Rounds that the client takes part in.
    public var rounds: Int
    /// Bytes that a client sends in one round.
    public var upByteCount: Int
    /// Bytes that a client gets in one round.
    public var downByteCount: Int

    /// Makes the value from its fields.
    public init(rounds: Int, upByteCount: Int, downByteCount: Int) {
        self.rounds = rounds
        self.upByteCount = upByteCount
        self.downByteCount = downByteCount
    }

    /// The same rounds with every parameter as a float32, both ways.
    public static func float32(parameterCount: Int, rounds: Int) -> TrainingTraffic {
        TrainingTraffic(rounds: rounds, upByteCount: 4 * parameterCount, downByteCount: 4 * parameterCount)
    }
}
