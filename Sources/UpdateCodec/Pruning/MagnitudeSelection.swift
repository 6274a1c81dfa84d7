/// Finds the largest magnitudes of a vector exactly and in linear time.
///
/// Magnitudes of finite floats order like their bit patterns, so a radix selection over 11, 10 and 10 bits finds the
/// k-th largest; after the first digit only the values that share it are looked at again.
public enum MagnitudeSelection {
    /// Positions of the `count` largest magnitudes, ascending. Of equal magnitudes those at lower positions win.
    ///
    /// - Parameters:
    ///   - count: how many, 0…`values.count`.
    ///   - values: finite values.
    public static func largest(_ count: Int, of values: [Float]) -> [Int32] {
        values.withUnsafeBufferPointer { largest(count, of: $0, offset: 0) }
    }

    /// The same for a part of a vector that starts at `offset`; positions count from the start of the vector.
    static func largest(_ count: Int, of values: UnsafeBufferPointer<Float>, offset: Int) -> [Int32] {
        precondition(count >= 0 && count <= values.count, "more positions than values")
        if count == 0 { return [] }
        if count == values.count { return values.indices.map { Int32($0 + offset) } }
        var (limit, ties) = threshold(count, of: values)
        var positions: [Int32] = []
        positions.reserveCapacity(count)
        for index in values.indices {
            let magnitude = values[index].bitPattern & 0x7fff_ffff
            if magnitude < limit { continue }
            if magnitude == limit {
                if ties == 0 { continue }
                ties -= 1
            }
            positions.append(Int32(index + offset))
        }
        return positions
    }

    /// The bit pattern of the `count`-th largest magnitude, and how many of those equal to it are among the largest.
    private static func threshold(_ count: Int, of values: UnsafeBufferPointer<Float>) -> (limit: UInt32, ties: Int) {
        var wanted = count
        let first = digit(of: &wanted, bits: 11) { histogram in
            for value in values { histogram[Int(value.bitPattern >> 20 & 0x7ff)] &+= 1 }
        }
        var candidates: [UInt32] = []
        for value in values where value.bitPattern >> 20 & 0x7ff == first {
            candidates.append(value.bitPattern & 0xf_ffff)
        }
        let second = digit(of: &wanted, bits: 10) { histogram in
            for candidate in candidates { histogram[Int(candidate >> 10)] &+= 1 }
        }
        let third = digit(of: &wanted, bits: 10) { histogram in
            for candidate in candidates where candidate >> 10 == second { histogram[Int(candidate & 0x3ff)] &+= 1 }
        }
        return (first << 20 | second << 10 | third, wanted)
    }

    /// The digit at which, counted from the highest, `wanted` values are reached; `wanted` becomes what is left to
    /// find among those with this digit.
    private static func digit(
        of wanted: inout Int, bits: Int, _ count: (UnsafeMutableBufferPointer<UInt32>) -> Void
    ) -> UInt32 {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1 << bits) { histogram in
            histogram.initialize(repeating: 0)
            count(histogram)
            var digit = histogram.count - 1
            while digit > 0, Int(histogram[digit]) < wanted {
                wanted -= Int(histogram[digit])
                digit -= 1
            }
            return UInt32(digit)
        }
    }
}
