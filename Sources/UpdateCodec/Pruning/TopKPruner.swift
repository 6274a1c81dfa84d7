import Tensors

/// Keeps the largest magnitudes (Aji, Heafield 2017, arXiv:1704.05021): exactly the given share, rounded up.
public struct TopKPruner: Pruner, Hashable {
    /// Among what elements compete.
    public enum Scope: Hashable, Sendable {
        /// All of the update.
        case update
        /// Their own tensor.
        case tensor
    }

    private let fraction: Fraction
    /// Among what elements compete.
    public let scope: Scope

    /// Makes a pruner.
    ///
    /// - Parameter fraction: share to keep, above 0 and at most 1.
    /// - Throws: `CodecError.invalidParameter`.
    public init(fraction: Double, scope: Scope = .update) throws(CodecError) {
        self.fraction = try Fraction(fraction)
        self.scope = scope
    }

    /// The positions to keep, see `Pruner.support`.
    public func support(
        of update: [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) -> [Int32] {
        try layout.check(update)
        return update.withUnsafeBufferPointer { values in
            switch scope {
            case .update:
                MagnitudeSelection.largest(fraction.of(values.count), of: values, offset: 0)
            case .tensor:
                layout.entries.flatMap { entry in
                    MagnitudeSelection.largest(
                        fraction.of(entry.count), of: UnsafeBufferPointer(rebasing: values[entry.range]),
                        offset: entry.offset)
                }
            }
        }
    }
}
