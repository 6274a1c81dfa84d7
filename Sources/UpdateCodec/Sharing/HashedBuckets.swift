import Tensors

/// Elements of a tensor that fall into one bucket share a number up to a sign; bucket and sign come from a seed, so
/// they cost no bytes (HashedNets; Chen et al. 2015, sections 4.1–4.3, arXiv:1504.04788).
///
/// With a new seed every round the error is spread over all elements in time.
public struct HashedBuckets: WeightSharing, Hashable {
    private let fraction: Fraction
    /// Where buckets and signs come from.
    public let seed: Seed

    /// Makes a rule.
    ///
    /// - Parameters:
    ///   - fraction: buckets per element, above 0 and at most 1; each tensor has at least one.
    ///   - seed: where buckets and signs come from.
    /// - Throws: `CodecError.invalidParameter`.
    public init(fraction: Double, seed: Seed) throws(CodecError) {
        self.fraction = try Fraction(fraction)
        self.seed = seed
    }

    /// One number per bucket.
    public func sharedCount(in layout: ParameterLayout) -> Int {
        layout.entries.reduce(0) { $0 + fraction.of($1.count) }
    }

    /// The signed mean of each bucket.
    public func gather(_ update: [Float], layout: ParameterLayout) throws(CodecError) -> [Float] {
        try check(update.count, is: layout.count)
        var sums = [Double](repeating: 0, count: sharedCount(in: layout))
        var counts = [Double](repeating: 0, count: sums.count)
        forEachElement(of: layout) { index, bucket, sign in
            sums[bucket] += Double(sign * update[index])
            counts[bucket] += 1
        }
        return zip(sums, counts).map { $1 > 0 ? Float($0 / $1) : 0 }
    }

    /// The signed number of each element's bucket.
    public func scatter(_ shared: [Float], layout: ParameterLayout) throws(CodecError) -> [Float] {
        try check(shared.count, is: sharedCount(in: layout))
        var output = [Float](repeating: 0, count: layout.count)
        forEachElement(of: layout) { index, bucket, sign in output[index] = sign * shared[bucket] }
        return output
    }

    private func forEachElement(of layout: ParameterLayout, _ body: (Int, Int, Float) -> Void) {
        var first = 0
        for (number, entry) in layout.entries.enumerated() {
            let buckets = fraction.of(entry.count)
            var random = SeededRandom(seed.derived("bucket", number))
            for index in entry.range {
                let draw = random.next()
                // The upper 32 bits choose the bucket, an independent lower bit the sign.
                let bucket = Int((draw >> 32) &* UInt64(buckets) >> 32)
                body(index, first + bucket, draw & 1 == 0 ? 1 : -1)
            }
            first += buckets
        }
    }
}
