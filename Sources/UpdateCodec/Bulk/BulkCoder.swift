/// One side of the coder for factors of many values: an asymmetric numeral system with static tables (Duda 2013,
/// arXiv:1311.2540), four states of 32 bits in turn, so that the values of four parts do not wait for each other.
protocol BulkCoder {
    /// Codes the values of a tensor's factors in place; a decoder fills them in.
    ///
    /// - Parameters:
    ///   - shape: how the values are distributed.
    ///   - walk: what runs over the columns, for whoever does not have them yet.
    ///   - meanCode: codes the mean of a column, from its place (right before left, strongest first) and length.
    mutating func code(
        _ factors: inout LowRankCode, shape: BulkShape, walk: () -> BulkFactors, meanCode: (Int, Int) -> Int)
}

/// Constants of the numeral system.
enum BulkState {
    /// States in turn.
    static let count = 4
    /// A state is never below; it takes in 16 bits when it falls there.
    static let least: UInt32 = 1 << 16
    /// Bits of the magnitude's length in an escape, and its largest value.
    static let widthBits = 5
    static let largestWidth = 21
    /// Most bits that are sent as they are in one go.
    static let rawBits = 11
}
