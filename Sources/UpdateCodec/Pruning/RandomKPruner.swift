import Tensors

/// Keeps a random share that both sides draw from the context's seed and round, so that positions cost no bytes
/// (Konečný et al. 2016, section 3, arXiv:1610.05492). Multiply by 1/share for an unbiased update.
public struct RandomKPruner: Pruner, Hashable {
    private let fraction: Fraction

    /// Makes a pruner.
    ///
    /// - Parameter fraction: share to keep, above 0 and at most 1.
    /// - Throws: `CodecError.invalidParameter`.
    public init(fraction: Double) throws(CodecError) { self.fraction = try Fraction(fraction) }

    /// The positions to keep, see `Pruner.support`.
    public func support(
        of update: [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) -> [Int32] {
        try layout.check(update)
        return support(layout: layout, context: context)
    }

    /// The positions, which do not depend on the update. Every subset of the size is equally likely
    /// (selection sampling; Knuth, The Art of Computer Programming 2, algorithm 3.4.2 S). Integers only.
    public func support(layout: ParameterLayout, context: CodecContext) -> [Int32] {
        var random = SeededRandom(context.seed.derived("random-k", context.round))
        var wanted = fraction.of(layout.count)
        var positions: [Int32] = []
        positions.reserveCapacity(wanted)
        for index in 0..<layout.count where wanted > 0 && random.below(layout.count - index) < wanted {
            positions.append(Int32(index))
            wanted -= 1
        }
        return positions
    }
}
