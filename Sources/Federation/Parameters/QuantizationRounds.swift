/// Which rounds prepare the model for its quantization.
public struct QuantizationRounds: Hashable, Codable, Sendable {
    /// The first of them, from 1; all later ones are too.
    public var fromRound: Int
    /// Bits of weights in quantization-aware training, 2 to 8.
    public var weightBits: Int

    /// Makes the value from its fields.
    public init(fromRound: Int, weightBits: Int = 8) {
        self.fromRound = fromRound
        self.weightBits = weightBits
    }

    /// Whether a round is one of them.
    public func contains(_ round: Int) -> Bool { round >= fromRound }

    var isValid: Bool { (1...1_000_000).contains(fromRound) && (2...8).contains(weightBits) }
}
