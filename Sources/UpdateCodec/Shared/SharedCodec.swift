import Tensors

/// One round's way from an update to small whole numbers whose sum over all clients means something, and back.
///
/// Values are coefficients of the round's public transform, stochastically rounded on the round's common scales, block
/// by block; one report per block follows, by which the next scales are found.
public struct SharedCodec: Sendable {
    private let options: SharedCodecOptions
    private let transform: SharedTransform
    /// One per block.
    private let exponents: [Int]

    /// - Parameters:
    ///   - origin: version 0 of the public model, `layout.count` values.
    ///   - current: the public model of the round.
    ///   - exponents: of the common scales, one per block: `initialExponents`, or what `nextExponents` gave.
    ///   - seed: of the round, known to everybody.
    /// - Throws: `CodecError.countMismatch`.
    public init(
        options: SharedCodecOptions, layout: ParameterLayout, origin: [Float], current: [Float], exponents: [Int],
        seed: Seed
    ) throws(CodecError) {
        for values in [origin, current] where values.count != layout.count {
            throw .countMismatch(expected: layout.count, actual: values.count)
        }
        let blocks = SharedTransform.blockCounts(layout: layout, support: options.support).count
        guard exponents.count == blocks else {
            throw .countMismatch(expected: blocks, actual: exponents.count)
        }
        self.options = options
        self.exponents = exponents.map { max(CommonScale.range.lowerBound, min(CommonScale.range.upperBound, $0)) }
        transform = SharedTransform(
            layout: layout, support: options.support, origin: origin, current: current, seed: seed)
    }

    /// Values of one upload: coefficients and one report per block.
    public static func valueCount(layout: ParameterLayout, options: SharedCodecOptions) -> Int {
        let counts = SharedTransform.blockCounts(layout: layout, support: options.support)
        return counts.reduce(counts.count, +)
    }

    /// Scales to begin with: a root mean square of 2^-8.
    public static func initialExponents(layout: ParameterLayout, options: SharedCodecOptions) -> [Int] {
        SharedTransform.blockCounts(layout: layout, support: options.support).map { _ in -32 }
    }

    /// Whole numbers of at most `options.magnitude`; rounding is random and right in the mean up to the reach.
    public func quantize(_ update: [Float], seed: Seed) -> [Int32] {
        let limit = Float(options.magnitude)
        var random = SeededRandom(seed)
        var values: [Int32] = []
        var reports: [Int32] = []
        for (block, exponent) in zip(transform.project(update), exponents) {
            let inverse = 1 / step(exponent)
            for coefficient in block {
                let rounded = (coefficient * inverse + random.unitFloat()).rounded(.down)
                values.append(Int32(max(-limit, min(limit, rounded))))
            }
            reports.append(Int32(CommonScale.report(block, exponent: exponent, limit: options.magnitude)))
        }
        return values + reports
    }

    /// The mean update that a sum of the whole numbers of `clients` clients stands for.
    ///
    /// - Throws: `CodecError.countMismatch`.
    public func mean(_ sum: [Int32], clients: Int) throws(CodecError) -> [Float] {
        let counts = transform.blocks.map(coefficientCount)
        let expected = counts.reduce(counts.count, +)
        guard sum.count == expected, clients > 0 else { throw .countMismatch(expected: expected, actual: sum.count) }
        var start = 0
        var coefficients: [[Float]] = []
        for (count, exponent) in zip(counts, exponents) {
            let factor = Double(step(exponent)) / Double(clients)
            coefficients.append(sum[start..<(start + count)].map { Float(Double($0) * factor) })
            start += count
        }
        return transform.expand(coefficients)
    }

    /// The scales of the next round.
    public func nextExponents(_ sum: [Int32], clients: Int) -> [Int] {
        zip(exponents, sum.suffix(exponents.count)).map {
            CommonScale.next($0, reports: Int($1), clients: clients)
        }
    }

    private func step(_ exponent: Int) -> Float {
        CommonScale.rootMeanSquare(exponent) * Float(options.reach) / Float(options.magnitude)
    }

    private func coefficientCount(_ block: SharedTransform.Block) -> Int {
        switch block {
        case .plain(let range): range.count
        case .positions(let positions): positions.count
        case .lowRank(let entry, let basis): entry.rowCount * basis.rank
        }
    }
}
