/// How often each size of an activation occurred: what a client tells about its data so that a model can be quantized
/// without them.
///
/// Bins have equal widths, a power of two, and begin at multiples of it; at most 1,024 bins span all values and 0. When a
/// value falls outside, the width doubles until it fits, and bins merge in pairs. The result depends on the values alone,
/// not on their order nor on how they were dealt to clients. Exact zeros, of which clamps make many, are counted apart.
public struct ActivationHistogram: Hashable, Sendable {
    /// Most bins that a histogram in memory has.
    public static let maximumBinCount = 1024
    /// The finest bins are 2^−100 wide, so that all arithmetic on their edges is exact.
    package static let exponents = -100...120
    /// Largest magnitude that is counted.
    static let largest: Float = 0x1p110

    /// Bins are 2^`exponent` wide.
    public internal(set) var exponent = Self.exponents.lowerBound
    /// Bin `i` of `counts` holds values from `(firstBin + i) · 2^exponent` up to the next edge.
    public internal(set) var firstBin = 0
    /// Values per bin, zeros left out.
    public internal(set) var counts: [UInt64] = []
    /// Values that are exactly 0.
    public internal(set) var zeroCount: UInt64 = 0
    /// Smallest value seen, or 0 where that is less.
    public internal(set) var low: Float = 0
    /// Largest value seen, or 0 where that is more.
    public internal(set) var high: Float = 0

    /// Makes an empty histogram.
    public init() {}

    /// Values counted.
    public var total: UInt64 { counts.reduce(zeroCount, &+) }
    /// Width of a bin.
    public var binWidth: Float { Self.power(exponent) }

    /// Counts values; NaN and those beyond ±2^110 are left out.
    public mutating func add(_ values: UnsafeBufferPointer<Float>) {
        var (least, most) = (Float.zero, Float.zero)
        for value in values where abs(value) <= Self.largest {
            least = min(least, value)
            most = max(most, value)
        }
        cover(low: least, high: most)
        let inverse = Self.power(-exponent)
        counts.withUnsafeMutableBufferPointer { counts in
            for value in values where abs(value) <= Self.largest {
                if value == 0 {
                    zeroCount += 1
                } else {
                    counts[Int((value * inverse).rounded(.down)) - firstBin] += 1
                }
            }
        }
    }

    /// Counts the values of an array.
    public mutating func add(_ values: [Float]) { values.withUnsafeBufferPointer { add($0) } }

    /// Adds what another histogram has counted.
    public mutating func merge(_ other: ActivationHistogram) {
        var other = other
        let ends = (low: min(low, other.low), high: max(high, other.high))
        // Bins of an encoding may be wider than their range asks for.
        let coarsest = other.counts.isEmpty ? Self.exponents.lowerBound : other.exponent
        cover(low: ends.low, high: ends.high, exponent: coarsest)
        other.cover(low: ends.low, high: ends.high, exponent: exponent)
        for index in counts.indices { counts[index] &+= other.counts[index] }
        zeroCount &+= other.zeroCount
    }

    /// Widens bins and adds new ones so that both ends lie inside.
    ///
    /// - Parameter coarsest: the least exponent to end with.
    package mutating func cover(
        low newLow: Float, high newHigh: Float, exponent coarsest: Int = Self.exponents.lowerBound,
        binCount: Int = Self.maximumBinCount
    ) {
        low = min(low, newLow)
        high = max(high, newHigh)
        guard high > low else { return }
        var target = max(coarsest, counts.isEmpty ? Self.exponents.lowerBound : exponent)
        target = max(target, Int((high - low).exponent) - 11)
        while target < Self.exponents.upperBound, bins(at: target).count > binCount { target += 1 }
        rebin(to: target)
    }

    private func bins(at exponent: Int) -> ClosedRange<Int> {
        let inverse = Self.power(-exponent)
        return Int((low * inverse).rounded(.down))...Int((high * inverse).rounded(.down))
    }

    private mutating func rebin(to target: Int) {
        let bins = bins(at: target)
        guard target != exponent || bins.lowerBound != firstBin || bins.count != counts.count else { return }
        var merged = [UInt64](repeating: 0, count: bins.count)
        for (index, count) in counts.enumerated() where count > 0 {
            // An arithmetic shift rounds down, as the edges do.
            merged[((firstBin + index) >> (target - exponent)) - bins.lowerBound] &+= count
        }
        counts = merged
        firstBin = bins.lowerBound
        exponent = target
    }

    static func power(_ exponent: Int) -> Float { Float(sign: .plus, exponent: exponent, significand: 1) }
}
