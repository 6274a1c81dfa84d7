/// One column of a factor, cut into four parts that are coded side by side.
struct BulkLine {
    /// Number of values.
    let count: Int
    /// Distance to the neighbour above; 0 for none.
    let period: Int
    /// 0 for a left factor, 1 for a right one.
    let side: Int

    /// Length of all parts but the last, which may be shorter or empty.
    var part: Int { (count + BulkState.count - 1) / BulkState.count }

    /// What is known about a value before it is coded.
    struct Context {
        var level: UInt8
        /// Strength of the neighbours' signs, 0…3, and whether they are negative.
        var strength: UInt8
        var isNegative: Bool
    }

    /// The contexts of all values; neighbours in other parts do not count.
    func contexts(
        _ values: UnsafePointer<Int32>, classes: UnsafePointer<UInt8>, refinement: [UInt8]
    ) -> [Context] {
        [Context](unsafeUninitializedCapacity: count) { contexts, written in
            refinement.withUnsafeBufferPointer { refinement in
                for start in stride(from: 0, to: count, by: max(1, part)) {
                    for index in start..<min(count, start + part) {
                        let left = index > start ? values[index - 1] : 0
                        let above = period > 0 && index - start >= period ? values[index - period] : 0
                        let near = min(Int32(BulkShape.nearCount - 1), abs(left) &+ abs(above))
                        let trend = left &+ above
                        contexts[index] = Context(
                            level: refinement[Int(classes[index]) * BulkShape.nearCount + Int(near)],
                            strength: UInt8(min(Int32(BulkShape.strengthCount), abs(trend))), isNegative: trend < 0)
                    }
                }
            }
            written = count
        }
    }
}

/// A column with what is known about each of its values.
struct BulkColumn {
    let line: BulkLine
    let values: [Int32]
    let contexts: [BulkLine.Context]
}
