/// One side of a binary entropy coder, so that encoder, decoder and cost estimate run through the same model code.
protocol BinaryCoder {
    /// Codes one binary decision.
    ///
    /// - Parameters:
    ///   - bit: 0 or 1; a decoder ignores it.
    ///   - probability: chance of a 1 in units of 2^-16, 1…65535.
    /// - Returns: the bit that was written, or read.
    mutating func code(_ bit: Int, probability: Int) -> Int
}

extension BinaryCoder {
    /// Codes `count` bits of `value`, highest first, without a model.
    @inline(__always)
    mutating func codeRaw(_ value: Int, count: Int) -> Int {
        var result = 0
        for position in stride(from: count - 1, through: 0, by: -1) {
            result = result << 1 | code((value >> position) & 1, probability: 0x8000)
        }
        return result
    }
}
