import Tensors

/// One round's way from an update to small whole numbers whose sum over all clients means something, and back.
///
/// Values are coefficients of the round's public transform, stochastically rounded on the round's common scales, run by
/// run; one report per run follows, by which the next scales are found. Under a clip there is one fixed grid, and the
/// reports are 0.
public struct SharedCodec: Sendable {
    private let options: SharedCodecOptions
    private let transform: SharedTransform
    /// Lengths of the runs.
    private let counts: [Int]
    /// One per run.
    private let exponents: [Int]
    /// Nil without a clip.
    public let bound: SharedBound?

    /// - Parameters:
    ///   - origin: version 0 of the public model, `layout.count` values.
    ///   - current: the public model of the round.
    ///   - exponents: of the common scales, one per run: `initialExponents`, or what `nextExponents` gave.
    ///   - seed: of the round, known to everybody.
    /// - Throws: `CodecError.countMismatch`.
    public init(
        options: SharedCodecOptions, layout: ParameterLayout, origin: [Float], current: [Float], exponents: [Int],
        seed: Seed
    ) throws(CodecError) {
        for values in [origin, current] where values.count != layout.count {
            throw .countMismatch(expected: layout.count, actual: values.count)
        }
        counts = SharedTransform.runCounts(layout: layout, support: options.support)
        guard exponents.count == counts.count else {
            throw .countMismatch(expected: counts.count, actual: exponents.count)
        }
        self.options = options
        bound = options.bound(layout: layout)
        self.exponents = exponents.map { max(CommonScale.range.lowerBound, min(CommonScale.range.upperBound, $0)) }
        transform = SharedTransform(
            layout: layout, support: options.support, origin: origin, current: current, seed: seed)
    }

    /// Values of one upload: coefficients and one report per run.
    public static func valueCount(layout: ParameterLayout, options: SharedCodecOptions) -> Int {
        let counts = SharedTransform.runCounts(layout: layout, support: options.support)
        return counts.reduce(counts.count, +)
    }

    /// Scales of a round.
    public static func runCount(layout: ParameterLayout, options: SharedCodecOptions) -> Int {
        SharedTransform.runCounts(layout: layout, support: options.support).count
    }

    /// Scales to begin with: an eighth of the root mean square of the model's own values, 2^-6 where these are zero.
    /// Under a clip they are the steps of the one grid, for good.
    ///
    /// - Parameter origin: version 0 of the public model, `layout.count` values.
    public static func initialExponents(
        layout: ParameterLayout, options: SharedCodecOptions, origin: [Float]
    ) -> [Int] {
        if let bound = options.bound(layout: layout) {
            return [Int](repeating: 4 * bound.stepExponent, count: runCount(layout: layout, options: options))
        }
        return SharedTransform.runRanges(layout: layout, support: options.support).map { range in
            let energy = origin[range].reduce(0.0) { $0 + Double($1) * Double($1) }
            return CommonScale.exponent((energy / Double(max(1, range.count))).squareRoot() / 8) ?? -24
        }
    }

    /// Whole numbers of at most `options.magnitude`; rounding is random and right in the mean up to the reach.
    public func quantize(_ update: [Float], seed: Seed) -> [Int32] {
        let limit = Float(options.magnitude)
        var random = SeededRandom(seed)
        var values: [Int32] = []
        var reports: [Int32] = []
        for (run, exponent) in zip(clipped(transform.project(update)), exponents) {
            let inverse = 1 / step(exponent)
            for coefficient in run {
                let rounded = (coefficient * inverse + random.unitFloat()).rounded(.down)
                values.append(Int32(max(-limit, min(limit, rounded))))
            }
            let report = CommonScale.report(
                run, exponent: exponent, limit: options.magnitude, chance: random.unitFloat())
            reports.append(bound == nil ? Int32(report) : 0)
        }
        return values + reports
    }

    /// Coefficients within the clip, if there is one. Whole numbers are bounded once more by whoever sends them.
    private func clipped(_ runs: [[Float]]) -> [[Float]] {
        guard let bound else { return runs }
        let energy = runs.joined().reduce(0.0) { $0 + Double($1) * Double($1) }
        guard energy.squareRoot() > bound.roundingClip else { return runs }
        let factor = Float(bound.roundingClip / energy.squareRoot())
        return runs.map { $0.map { $0 * factor } }
    }

    /// The mean update that a sum of the whole numbers of `clients` clients stands for.
    ///
    /// - Throws: `CodecError.countMismatch`.
    public func mean(_ sum: [Int32], clients: Int) throws(CodecError) -> [Float] {
        let expected = counts.reduce(counts.count, +)
        guard sum.count == expected, clients > 0 else { throw .countMismatch(expected: expected, actual: sum.count) }
        var start = 0
        var coefficients: [Float] = []
        for (count, exponent) in zip(counts, exponents) {
            let factor = Double(step(exponent)) / Double(clients)
            coefficients += sum[start..<(start + count)].map { Float(Double($0) * factor) }
            start += count
        }
        return try update(of: coefficients)
    }

    /// The update that coefficients stand for.
    ///
    /// - Parameter coefficients: run by run; reports at the end are left out.
    /// - Throws: `CodecError.countMismatch`.
    public func update(of coefficients: [Float]) throws(CodecError) -> [Float] {
        let expected = counts.reduce(0, +)
        guard coefficients.count == expected || coefficients.count == expected + counts.count else {
            throw .countMismatch(expected: expected, actual: coefficients.count)
        }
        var start = 0
        return transform.expand(
            counts.map { count in
                start += count
                return Array(coefficients[(start - count)..<start])
            })
    }

    /// The scales of the next round.
    public func nextExponents(_ sum: [Int32], clients: Int) -> [Int] {
        guard bound == nil else { return exponents }
        return zip(exponents, sum.suffix(exponents.count)).map {
            CommonScale.next($0, reports: Int($1), limit: options.magnitude, clients: clients)
        }
    }

    private func step(_ exponent: Int) -> Float {
        if let bound { return Float(bound.step) }
        return CommonScale.rootMeanSquare(exponent) * Float(options.reach) / Float(options.magnitude)
    }
}
