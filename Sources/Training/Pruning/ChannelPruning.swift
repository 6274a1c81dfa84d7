/// Which channels and neurons of a model go, so that its tensors really shrink.
public struct ChannelPruning: Hashable, Sendable {
    /// What makes a channel matter. Scores are relative to the mean of their layer; channels that layers share, behind a
    /// residual sum for example, add theirs up.
    public enum Importance: Hashable, Sendable {
        /// Sum of magnitudes of a channel's weights (Li et al. 2017, arXiv:1608.08710).
        case absoluteSum
        /// Root of the sum of their squares.
        case euclidean
        /// Magnitude of the batch-norm scale (Liu et al. 2017, arXiv:1708.06519), or `absoluteSum` where there is none.
        case batchNormScale
        /// Change of the loss to first order when the channel goes (Molchanov et al. 2019, arXiv:1906.10771), from the
        /// gradient of the loss on some samples, in layout order; `Trainer.gradient` gives one.
        case taylor(gradient: [Float])
    }

    /// How much stays.
    public enum Target: Hashable, Sendable {
        /// This share of the channels of every layer.
        case channels(Double)
        /// The largest share of channels with which at most this share of the multiplications stays.
        case multiplyAccumulates(Double)
    }

    /// What makes a channel matter.
    public var importance: Importance
    /// How much stays.
    public var target: Target
    /// Channels stay in multiples of this where a layer has as many, as kernels of some devices like it; at least 1.
    public var multiple: Int

    /// Describes a pruning; checked by `ModelSpec.pruning`.
    public init(target: Target, importance: Importance = .absoluteSum, multiple: Int = 1) {
        self.target = target
        self.importance = importance
        self.multiple = multiple
    }

    /// Channels of a layer of `size` that stay of a share.
    package func keptCount(of size: Int, share: Double) -> Int {
        let count = max(1, min(size, Int((Double(size) * share).rounded())))
        guard multiple > 1, size >= multiple else { return count }
        return min(size, max(multiple, (count + multiple / 2) / multiple * multiple))
    }
}

/// A model and its parameters.
public struct CompactModel: Hashable, Sendable {
    /// The model.
    public let spec: ModelSpec
    /// Its flat parameter vector.
    public let parameters: [Float]
}
