import UpdateCodec

/// A sum that is about to be released, in units of 2^-28.
struct PrivateSum {
    let values: [Int64]
    /// Values of one summand that may be off the grid by half a step.
    let roundedCount: Int
    /// Updates that were within the clip.
    let within: Int
    /// The others.
    let beyond: Int

    /// The clipped updates of the visible lane.
    init(_ sum: FixedPointAccumulator, within: Int) {
        values = sum.sums
        roundedCount = sum.sums.count
        self.within = within
        beyond = sum.count - within
    }

    /// The whole numbers of the masked lane: a step is a power of two, so they lie on the grid.
    init(_ sum: [Int32], bound: SharedBound) {
        let shift = FixedPointAccumulator.fractionBits + bound.stepExponent
        values = sum.map { Int64($0) << Int64(shift) }
        roundedCount = 0
        within = 0
        beyond = 0
    }
}
