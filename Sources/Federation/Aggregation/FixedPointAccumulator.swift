/// The weighted sum of updates in 64-bit fixed point, so that the mean is the same to the bit for any order of arrival
/// and any number of workers.
///
/// A value x is stored as round(x · 2^28). With |x| ≤ 2^10 and a total weight of at most 2^24, no sum reaches 2^63:
/// 28 + 10 + 24 = 62 bits. The rounding of one value is at most 2^-29 ≈ 1.9e-9. Memory: eight bytes per parameter.
public struct FixedPointAccumulator: Hashable, Sendable {
    /// Binary digits after the point.
    public static let fractionBits = 28
    /// Largest magnitude of a value of an update.
    public static let maximumMagnitude: Float = 0x1p10
    /// Largest sum of weights.
    public static let maximumWeight = 1 << 24

    /// Sums in units of 2^-28, one per parameter.
    public private(set) var sums: [Int64]
    /// Sum of the weights.
    public private(set) var weight = 0
    /// Number of updates.
    public private(set) var count = 0
    /// Weight of the updates that count from some parameter on only, by the position of that parameter.
    private var partialWeights: [Int: Int] = [:]

    /// Makes an empty sum over `parameterCount` parameters.
    public init(parameterCount: Int) { sums = [Int64](repeating: 0, count: parameterCount) }

    /// Adds one update; O(parameters), no allocation. After an error the sum is what it was.
    ///
    /// - Parameters:
    ///   - update: one value per parameter, finite, at most `maximumMagnitude` in magnitude.
    ///   - weight: 1 or more; the sum of all weights is at most `maximumWeight`.
    ///   - first: parameters before it were not trained: their values do not count, and neither does the weight there.
    /// - Throws: `FederationError.shapeMismatch`, `.notFinite`, `.outOfRange`, `.weightOutOfRange`.
    public mutating func add(_ update: [Float], weight: Int, from first: Int = 0) throws(FederationError) {
        precondition(first >= 0 && first <= sums.count)
        try check(update, weight: weight)
        let factor = Int64(weight)
        sums.withUnsafeMutableBufferPointer { sums in
            update.withUnsafeBufferPointer { update in
                for index in first..<sums.count { sums[index] &+= Self.fixedPoint(update[index]) &* factor }
            }
        }
        self.weight += weight
        count += 1
        if first > 0 { partialWeights[first, default: 0] += weight }
    }

    /// Adds the sum of another worker. After an error the sum is what it was.
    ///
    /// - Throws: `FederationError.shapeMismatch`, `.weightOutOfRange`.
    public mutating func merge(_ other: FixedPointAccumulator) throws(FederationError) {
        guard other.sums.count == sums.count else {
            throw .shapeMismatch(expected: sums.count, actual: other.sums.count)
        }
        guard weight + other.weight <= Self.maximumWeight else { throw .weightOutOfRange(other.weight) }
        for index in sums.indices { sums[index] &+= other.sums[index] }
        weight += other.weight
        count += other.count
        partialWeights.merge(other.partialWeights, uniquingKeysWith: +)
    }

    /// The weighted mean, one value per parameter over the updates that trained it, 0 where none did; nil without any
    /// update.
    public func mean() -> [Float]? {
        guard weight > 0 else { return nil }
        var means: [Float] = []
        means.reserveCapacity(sums.count)
        var trained = weight - partialWeights.values.reduce(0, +)
        var begin = 0
        for (end, joining) in partialWeights.sorted(by: { $0.key < $1.key }) + [(key: sums.count, value: 0)] {
            // What nobody trained has sum 0, whatever it is divided by.
            let divisor = Double(max(trained, 1)) * Double(1 << Self.fractionBits)
            for index in begin..<end { means.append(Float(Double(sums[index]) / divisor)) }
            trained += joining
            begin = end
        }
        return means
    }

    private func check(_ update: [Float], weight: Int) throws(FederationError) {
        guard update.count == sums.count else { throw .shapeMismatch(expected: sums.count, actual: update.count) }
        guard weight > 0, weight <= Self.maximumWeight - self.weight else { throw .weightOutOfRange(weight) }
        // The bit patterns of magnitudes order like the magnitudes, NaN and infinity above all: one pass, no branches.
        let largest = update.withUnsafeBufferPointer { update in
            update.reduce(into: UInt32(0)) { $0 = max($0, $1.bitPattern & 0x7fff_ffff) }
        }
        guard largest > Self.maximumMagnitude.bitPattern else { return }
        if let index = update.firstIndex(where: { !$0.isFinite }) { throw .notFinite(index: index) }
        throw .outOfRange(index: update.firstIndex { abs($0) > Self.maximumMagnitude } ?? 0)
    }

    /// round(x · 2^28), ties to even. Adding 1.5·2^52 puts the integer into the low bits of the mantissa.
    @inline(__always)
    private static func fixedPoint(_ value: Float) -> Int64 {
        let shifted = Double(value) * Double(1 << fractionBits) + 0x1.8p52
        return Int64(bitPattern: shifted.bitPattern) &- Int64(bitPattern: (0x1.8p52 as Double).bitPattern)
    }
}
