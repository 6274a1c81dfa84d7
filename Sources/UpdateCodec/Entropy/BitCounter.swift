/// Adds up what decisions would cost, without writing anything.
struct BitCounter: BinaryCoder {
    /// Cost so far in units of 1/256 bit.
    private(set) var cost = 0

    /// Cost so far in bits.
    var bits: Double { Double(cost) / 256 }

    @inline(__always)
    mutating func code(_ bit: Int, probability: Int) -> Int {
        let chance = bit != 0 ? probability : 65536 - probability
        cost &+= 16 &* 256 &- FixedLogarithm.log2(chance)
        return bit
    }
}
