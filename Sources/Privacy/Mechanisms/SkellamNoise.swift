import Foundation

/// Symmetric Skellam noise, the difference of two equal Poisson variables: sums of it are Skellam again, whatever the
/// number of clients (Agarwal, Kairouz and Liu 2021, arXiv:2110.04995).
///
/// Magnitudes are looked up in a table of cumulative probabilities in units of 2⁻⁶⁴. The table is computed in double
/// precision, so a draw is within 2⁻⁴⁰ of the exact distribution in total variation.
public struct SkellamNoise: Sendable {
    /// The variances that can be sampled.
    public static let varianceRange = 0x1p-20...0x1p32

    /// P(|X| ≤ index) in units of 2⁻⁶⁴; what lies above the last one is P(|X| > last) < 2⁻⁶⁴.
    private let cumulative: [UInt64]

    /// The distribution of one variance.
    ///
    /// - Throws: `PrivacyError.deviationOutOfRange`.
    public init(variance: Double) throws(PrivacyError) {
        guard Self.varianceRange.contains(variance) else { throw .deviationOutOfRange(variance.squareRoot()) }
        var tail = 0.0
        var tails: [Double] = []
        // Summed from the far end, so that small probabilities are not lost beside large ones.
        for (index, log) in IntegerNoise.skellam(variance: variance, reserve: 0).logProbabilities.enumerated()
            .reversed()
        {
            tails.append(tail)
            tail += (index == 0 ? 1 : 2) * exp(log)
        }
        let thresholds = tails.reversed().map { tail -> UInt64 in
            let missing = (tail * 0x1p64).rounded()
            return missing >= 0x1p64 ? 0 : UInt64.max - UInt64(missing)
        }
        cumulative = Array(thresholds.prefix((thresholds.firstIndex(of: .max) ?? thresholds.count - 1) + 1))
    }

    /// One draw.
    public func sample(using random: inout some RandomNumberGenerator) -> Int64 {
        let point = random.next()
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] >= point { high = middle } else { low = middle + 1 }
        }
        return random.next() & 1 == 1 ? -Int64(low) : Int64(low)
    }
}
