/// What can be wrong with a vector that is to be protected.
public enum PrivacyError: Error, Hashable, Sendable {
    /// An element is NaN or infinite, so the vector has no norm. `index` is its position.
    case notFinite(index: Int)
    /// The norm to clip to is not a finite number above 0.
    case invalidBound(Double)
}
