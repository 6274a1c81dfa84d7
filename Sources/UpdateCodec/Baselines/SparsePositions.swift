/// Ascending positions as gaps in a Golomb code whose parameter is a power of two
/// (Golomb 1966, doi:10.1109/TIT.1966.1053907; Rice 1979, JPL 79-22), within 0.1 bit a position of the entropy of random ones.
struct SparsePositions {
    private init() {}

    private static let largestParameter = 27

    /// The parameter with the fewest bits for these positions.
    static func parameter(for positions: [Int32]) -> Int {
        guard let last = positions.last else { return 0 }
        // The best parameter lies next to the logarithm of the mean gap.
        let mean = max(1, (Int(last) + 1) / positions.count)
        let middle = Int.bitWidth - 1 - mean.leadingZeroBitCount
        var best = 0
        var leastBits = Int.max
        for parameter in max(0, middle - 2)...min(largestParameter, middle + 1) {
            var bits = 0
            forEachGap(positions) { bits += $0 >> parameter + 1 + parameter }
            if bits < leastBits { (best, leastBits) = (parameter, bits) }
        }
        return best
    }

    /// Appends each position's gap and then whatever `body` appends for it.
    static func encode(
        _ positions: [Int32], parameter: Int, to writer: inout BitWriter, _ body: (Int, inout BitWriter) -> Void
    ) {
        var index = 0
        forEachGap(positions) { gap in
            writer.appendUnary(gap >> parameter)
            writer.append(UInt32(gap & (1 << parameter - 1)), count: parameter)
            body(index, &writer)
            index += 1
        }
    }

    /// Reads `count` positions below `limit`, calling `body` with each.
    ///
    /// - Throws: `CodecError.truncated`, `.corruptPayload`, and what `body` throws.
    static func decode(
        count: Int, limit: Int, parameter: Int, from reader: inout BitReader,
        _ body: (Int, inout BitReader) throws(CodecError) -> Void
    ) throws(CodecError) {
        guard parameter <= largestParameter else { throw .corruptPayload("Golomb parameter \(parameter)") }
        var next = 0
        for _ in 0..<count {
            let quotient = try reader.readUnary(limit: (limit - next) >> parameter)
            let position = next + quotient << parameter + Int(try reader.read(parameter))
            guard position < limit else { throw .corruptPayload("position \(position) of \(limit)") }
            try body(position, &reader)
            next = position + 1
        }
    }

    private static func forEachGap(_ positions: [Int32], _ body: (Int) -> Void) {
        var next = 0
        for position in positions {
            body(Int(position) - next)
            next = Int(position) + 1
        }
    }
}
