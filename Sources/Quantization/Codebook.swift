/// A few values that stand for many: weights are replaced by the index of the nearest one
/// (Han, Mao, Dally 2016, section 3, arXiv:1510.00149).
public struct Codebook: Hashable, Sendable {
    /// Numbers of centroids that may be asked for.
    public static let allowedCounts = 2...256

    /// The centroids in ascending order, 1–256 of them, without repetition.
    public let centroids: [Float]

    /// Takes over centroids in any order; repeated ones are merged.
    ///
    /// - Throws: `QuantizationError.notFinite`; `.unsupportedCentroidCount` for none or more than 256.
    public init(centroids: [Float]) throws(QuantizationError) {
        guard (1...256).contains(centroids.count) else { throw .unsupportedCentroidCount(centroids.count) }
        try centroids.checkFinite()
        self.init(sorting: centroids)
    }

    init(sorting centroids: [Float]) {
        var distinct: [Float] = []
        for centroid in centroids.sorted() where centroid != distinct.last { distinct.append(centroid) }
        self.centroids = distinct
    }

    /// Bits of one index when all have the same width.
    public var indexWidth: Int { Int.bitWidth - (centroids.count - 1).leadingZeroBitCount }

    /// The index of the nearest centroid for each value; of two equally near ones the lower.
    public func indices(of values: [Float]) -> [UInt8] {
        // A value is nearer to centroid i + 1 than to i when it lies above their middle. Halved first, so that the sum
        // of two large centroids stays finite.
        let middles = zip(centroids, centroids.dropFirst()).map { $0 / 2 + $1 / 2 }
        var output = [UInt8](repeating: 0, count: values.count)
        if middles.count < 16 {
            // Counting all middles below is vector code and faster than a search.
            for middle in middles {
                for index in values.indices { output[index] &+= values[index] > middle ? 1 : 0 }
            }
            return output
        }
        for index in values.indices {
            var low = 0
            var high = middles.count
            while low < high {
                let center = (low + high) >> 1
                if values[index] > middles[center] { low = center + 1 } else { high = center }
            }
            output[index] = UInt8(low)
        }
        return output
    }

    /// The centroids that indices stand for; each index must be below `centroids.count`.
    public func values(of indices: [UInt8]) -> [Float] { indices.map { centroids[Int($0)] } }
}
