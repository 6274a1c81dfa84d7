import Tensors

/// Makes several elements of an update share one number, by a rule that both sides know beforehand.
public protocol WeightSharing: Sendable {
    /// How many numbers are left.
    ///
    /// - Throws: `CodecError.invalidParameter` when the rule does not fit the layout.
    func sharedCount(in layout: ParameterLayout) throws(CodecError) -> Int

    /// The shared numbers that are nearest to an update in squared error.
    ///
    /// - Parameter update: `layout.count` finite values.
    /// - Throws: `CodecError.countMismatch`, `.invalidParameter`.
    func gather(_ update: [Float], layout: ParameterLayout) throws(CodecError) -> [Float]

    /// The update that shared numbers stand for.
    ///
    /// - Parameter shared: `sharedCount` values.
    /// - Throws: `CodecError.countMismatch`, `.invalidParameter`.
    func scatter(_ shared: [Float], layout: ParameterLayout) throws(CodecError) -> [Float]
}

extension WeightSharing {
    func check(_ count: Int, is expected: Int) throws(CodecError) {
        guard count == expected else { throw .countMismatch(expected: expected, actual: count) }
    }
}
