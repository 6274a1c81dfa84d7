/// One side of the coder for factors of many values: an asymmetric numeral system with static tables (Duda 2013,
/// arXiv:1311.2540), four states of 32 bits in turn, so that the values of four parts do not wait for each other.
protocol BulkCoder {
    /// Sets the distributions of the columns that follow.
    mutating func use(_ shape: BulkShape)

    /// Codes one column in place; a decoder fills it in.
    ///
    /// - Parameter classes: one per value, what is expected without neighbours.
    mutating func code(_ values: UnsafeMutablePointer<Int32>, classes: UnsafePointer<UInt8>, line: BulkLine)
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
