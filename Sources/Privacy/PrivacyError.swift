/// What can be wrong with a vector that is to be protected, or with its noise.
public enum PrivacyError: Error, Hashable, Sendable {
    /// An element is NaN, infinite or too large, so the vector has no usable norm. `index` is its position.
    case notFinite(index: Int)
    /// The norm to clip to is not a finite number above 0.
    case invalidBound(Double)
    /// Noise of this standard deviation, in integers, cannot be drawn.
    case deviationOutOfRange(Double)
    /// No rounding of a vector was short enough; its norm was not clipped before.
    case roundingFailed(tries: Int)
}

extension PrivacyError: CustomStringConvertible {
    /// What was wrong and what to do.
    public var description: String {
        switch self {
        case .notFinite(let index): "value \(index) is NaN, infinite or too large; train with a smaller learning rate"
        case .invalidBound(let bound): "a vector cannot be clipped to \(bound); the clip must be above 0"
        case .deviationOutOfRange(let deviation):
            "noise of deviation \(deviation) steps cannot be drawn; change the clip, the scale or the noise multiplier"
        case .roundingFailed(let tries):
            "\(tries) roundings of a vector were too long; clip it before it is rounded"
        }
    }
}
