import Tensors

/// What both sides of an update know before it is sent.
public struct CodecContext: Sendable {
    /// The seed of this round and client, for shared pseudo-random choices.
    public var seed: Seed
    /// The round that the update belongs to.
    public var round: Int
    /// The last change of the global model, when both sides hold it to the bit; `layout.count` elements.
    public var lastGlobalDelta: [Float]?
    /// What all clients of the round use alike; only the masked lane needs it.
    public var shared: SharedCodec?

    /// Makes a context.
    public init(seed: Seed, round: Int = 0, lastGlobalDelta: [Float]? = nil, shared: SharedCodec? = nil) {
        self.shared = shared
        self.seed = seed
        self.round = round
        self.lastGlobalDelta = lastGlobalDelta
    }
}
