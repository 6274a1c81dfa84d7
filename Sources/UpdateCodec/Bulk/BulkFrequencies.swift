/// Frequencies of the magnitudes of one class, out of 2^12, in integer arithmetic, the same on every machine.
///
/// A symbol is a magnitude without its low bits; the last symbol announces a magnitude that has no symbol.
struct BulkFrequencies {
    static let bits = 12
    static let symbolCount = 16
    static let escape = 15

    /// One per symbol; 0 for a symbol that is not used.
    private(set) var frequencies = [Int](repeating: 0, count: symbolCount)

    init(zeroCode: Int, tailCode: Int) {
        let zero = BulkShape.probability(zeroCode)
        let tail = BulkShape.probability(tailCode)
        frequencies[0] = (zero + 8) >> 4
        // What is left for this magnitude and all larger ones, in units of 2^-32.
        var rest = (65536 - zero) << 16
        for symbol in 1..<Self.escape {
            let after = (rest >> 16) * tail
            frequencies[symbol] = (rest - after + 1 << 19) >> 20
            rest = after
        }
        frequencies[Self.escape] = max(1, (rest + 1 << 19) >> 20)
        var largest = 0
        for symbol in 1..<Self.symbolCount where frequencies[symbol] > frequencies[largest] { largest = symbol }
        frequencies[largest] += 1 << Self.bits - frequencies.reduce(0, +)
    }
}

extension BulkShape {
    /// The frequencies of the class at an index of `classes`.
    func frequencies(at index: Int) -> [Int] {
        BulkFrequencies(zeroCode: zeroCodes[index], tailCode: tailCodes[index]).frequencies
    }
}
