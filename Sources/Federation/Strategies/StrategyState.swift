/// What a strategy remembers from round to round; persisted with every published version.
public struct StrategyState: Hashable, Sendable {
    /// First moment or momentum, one value per parameter; empty when unused or at the start.
    public var first: [Float]
    /// Second moment, one value per parameter; empty when unused or at the start.
    public var second: [Float]

    /// Makes the value from its fields.
    public init(first: [Float] = [], second: [Float] = []) {
        self.first = first
        self.second = second
    }
}
