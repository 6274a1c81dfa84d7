import Tensors

extension ParameterLayout {
    /// Refuses an update that does not fit the layout or holds a value that is not finite.
    func check(_ update: [Float]) throws(CodecError) {
        guard update.count == count else { throw .countMismatch(expected: count, actual: update.count) }
        // One integer maximum over all exponents is vector code; only a bad update pays for the search.
        let worst = update.withUnsafeBufferPointer { $0.maximumMagnitude }
        if !worst.isFinite, let index = update.firstIndex(where: { !$0.isFinite }) { throw .notFinite(index: index) }
    }
}
