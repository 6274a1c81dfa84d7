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
    /// What both sides expect the update to be like; only codecs that predict use it.
    public var prediction: UpdatePrediction?
    /// Energy of what is encoded over the energy that a target error is a part of: below 1 where something was taken away
    /// that the other side has.
    var energyShare = 1.0

    /// Makes a context.
    public init(seed: Seed, round: Int = 0, lastGlobalDelta: [Float]? = nil, shared: SharedCodec? = nil) {
        self.shared = shared
        self.seed = seed
        self.round = round
        self.lastGlobalDelta = lastGlobalDelta
    }
}
