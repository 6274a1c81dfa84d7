import Privacy
import UpdateCodec

/// What clients of the masked lane do for differential privacy; part of the federation's parameters.
///
/// Nobody but the client sees its update there, so it is the client that bounds its influence. The coordinator is
/// trusted with nothing but what `share` leaves to it.
public struct MaskedPrivacy: Hashable, Codable, Sendable {
    /// Noise that clients add themselves, so that the sum is noisy before anybody sees it.
    public struct Share: Hashable, Codable, Sendable {
        /// Which integers are drawn.
        public var kind: NoiseSource.Kind
        /// Deviation of the noise of `survivors` clients over the clip.
        public var noiseMultiplier: Double
        /// Fewest clients that follow the protocol in any sum, 1 or more.
        public var survivors: Int

        /// Makes the value from its fields.
        public init(kind: NoiseSource.Kind, noiseMultiplier: Double, survivors: Int) {
            self.kind = kind
            self.noiseMultiplier = noiseMultiplier
            self.survivors = survivors
        }
    }

    /// L2 norm that the coefficients of an update are scaled down to.
    public var clip: Double
    /// Nil: the coordinator adds the noise to the sum.
    public var share: Share?

    /// Makes the value from its fields.
    public init(clip: Double, share: Share? = nil) {
        self.clip = clip
        self.share = share
    }

    var isValid: Bool {
        guard AdaptiveClip.range.contains(clip) else { return false }
        guard let share else { return true }
        return (0.01...1000).contains(share.noiseMultiplier)
            && (1...MaskingThreshold.clientRange.upperBound).contains(share.survivors)
    }

    /// The noise of a sum on the grid of `bound`; nil when the coordinator adds it.
    func distributedNoise(_ bound: SharedBound) -> DistributedNoise? {
        share.map {
            DistributedNoise(
                clientCount: $0.survivors, dimension: bound.count, scale: 1 / bound.step, clip: clip,
                centralDeviation: $0.noiseMultiplier * clip, clipsIntegers: true)
        }
    }
}
