import Tensors

/// Chooses which elements of an update are sent at all.
public protocol Pruner: Sendable {
    /// The positions to keep, ascending, each once.
    ///
    /// - Parameters:
    ///   - update: `layout.count` finite values.
    ///   - layout: the tensors.
    ///   - context: what both sides know, for choices that both sides can make.
    /// - Throws: `CodecError.countMismatch`, `.notFinite`; `.invalidParameter` when the pruner does not fit the layout.
    func support(
        of update: [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) -> [Int32]
}

extension Pruner {
    /// Sets to zero what is not kept.
    public func prune(
        _ update: inout [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) {
        let kept = try support(of: update, layout: layout, context: context)
        var pruned = [Float](repeating: 0, count: update.count)
        for position in kept { pruned[Int(position)] = update[Int(position)] }
        update = pruned
    }

    /// Adds what earlier prunings left behind, sets to zero what is not kept now, and remembers it for the next time
    /// (Stich, Cordonnier, Jaggi 2018, arXiv:1809.07599).
    public func prune(
        _ update: inout [Float], layout: ParameterLayout, context: CodecContext, feedback: inout ErrorFeedback
    ) throws(CodecError) {
        guard feedback.residual.count == update.count else {
            throw .countMismatch(expected: feedback.residual.count, actual: update.count)
        }
        var compensated = update
        feedback.compensate(&compensated)
        var pruned = compensated
        try prune(&pruned, layout: layout, context: context)
        feedback.absorb(compensated, decoded: pruned)
        update = pruned
    }
}
