import Tensors

/// Keeps magnitudes of at least a threshold (Strom 2015, doi:10.21437/Interspeech.2015-354).
public struct ThresholdPruner: Pruner, Hashable {
    /// Smallest magnitude that is kept.
    public let threshold: Float

    /// Makes a pruner.
    ///
    /// - Throws: `CodecError.invalidParameter` for a threshold that is negative or not finite.
    public init(threshold: Float) throws(CodecError) {
        guard threshold >= 0, threshold.isFinite else {
            throw .invalidParameter("a threshold must be finite and not negative, not \(threshold)")
        }
        self.threshold = threshold
    }

    /// The positions to keep, see `Pruner.support`.
    public func support(
        of update: [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) -> [Int32] {
        try layout.check(update)
        return update.indices.filter { abs(update[$0]) >= threshold }.map { Int32($0) }
    }
}
