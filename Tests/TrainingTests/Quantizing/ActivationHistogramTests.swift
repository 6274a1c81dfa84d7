import Quantization
import Tensors
import Testing
import Training

struct ActivationHistogramTests {
    static func values(_ count: Int, scale: Float, seed: UInt64) -> [Float] {
        var random = SeededRandom(Seed(seed))
        return (0..<count).map { _ in random.below(4) == 0 ? 0 : scale * Float(random.normal()) }
    }

    static func histogram(_ values: [Float]) -> ActivationHistogram {
        var histogram = ActivationHistogram()
        histogram.add(values)
        return histogram
    }

    @Test(arguments: [1e-26, 1e-3, 1, 77, 1e30] as [Float])
    func countsEveryValueInItsBin(scale: Float) {
        let values = Self.values(5000, scale: scale, seed: 1)
        let histogram = Self.histogram(values)
        #expect(histogram.total == 5000)
        #expect(histogram.counts.count <= ActivationHistogram.maximumBinCount)
        #expect(histogram.counts.count > ActivationHistogram.maximumBinCount / 4)
        #expect(histogram.low == values.min() && histogram.high == values.max())
        for (bin, count) in histogram.counts.enumerated() {
            let start = Float(histogram.firstBin + bin) * histogram.binWidth
            let inside = values.count { $0 != 0 && $0 >= start && $0 < start + histogram.binWidth }
            #expect(UInt64(inside) == count)
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func orderAndPartitionDoNotMatter(seed: UInt64) {
        let parts = [(3, 1), (700, 1e-4), (1, 1000), (0, 1), (250, 3)].enumerated().map { index, part in
            Self.values(part.0, scale: Float(part.1), seed: seed * 100 + UInt64(index))
        }
        let whole = Self.histogram(parts.flatMap { $0 })
        for order in [[0, 1, 2, 3, 4], [4, 2, 3, 0, 1], [1, 0, 4, 3, 2]] {
            var merged = ActivationHistogram()
            var batches = ActivationHistogram()
            for part in order {
                merged.merge(Self.histogram(parts[part]))
                batches.add(parts[part])
            }
            #expect(merged == whole, "seed \(seed), order \(order)")
            #expect(batches == whole, "seed \(seed), order \(order)")
        }
    }

    @Test func emptyZeroAndConstantTensors() throws {
        #expect(Self.histogram([]).range(.minMax) == ActivationRange(low: 0, high: 0))
        #expect(Self.histogram([0, 0]).range(.leastSquares) == ActivationRange(low: 0, high: 0))
        #expect(Self.histogram([0, 0]).total == 2)
        #expect(Self.histogram([-3, -3]).range(.minMax) == ActivationRange(low: -3, high: 0))
        #expect(Self.histogram([.nan, .infinity, 1]).total == 1)
        for values in [[], [0, 0], [5], [-Float.leastNormalMagnitude / 8, 2]] as [[Float]] {
            let histogram = Self.histogram(values)
            #expect(try ActivationHistogram(decoding: histogram.encoded()) == histogram)
        }
    }

    @Test(arguments: [64, 100, 320, 5000])
    func encodingStaysWithinItsBudget(byteCount: Int) throws {
        let histogram = Self.histogram(Self.values(200_000, scale: 2, seed: 3))
        let bytes = histogram.encoded(maximumByteCount: byteCount)
        #expect(bytes.count <= byteCount)
        let copy = try ActivationHistogram(decoding: bytes)
        #expect(copy.low == histogram.low && copy.high == histogram.high)
        #expect(abs(Double(copy.total) - 200_000) < 200_000 / 16)
    }

    @Test(arguments: [64, 100, 320]) func encodingsOfAnyBinsMerge(byteCount: Int) throws {
        let fine = Self.histogram(Self.values(5000, scale: 1, seed: 5))
        let coarse = try ActivationHistogram(decoding: fine.encoded(maximumByteCount: byteCount))
        #expect(coarse.exponent > fine.exponent)
        var (first, second) = (fine, coarse)
        first.merge(coarse)
        second.merge(fine)
        #expect(first == second)
        #expect(first.total == fine.total + coarse.total)
        #expect(first.exponent == coarse.exponent)
    }

    @Test func everyTruncationIsRefused() {
        let bytes = Self.histogram(Self.values(1000, scale: 1, seed: 4)).encoded()
        for count in 0..<bytes.count {
            #expect(throws: QuantizationError.self) { try ActivationHistogram(decoding: Array(bytes.prefix(count))) }
        }
        #expect(throws: QuantizationError.self) { try ActivationHistogram(decoding: bytes + [0]) }
    }

    @Test func valuesTooLargeForABinAreLeftOut() {
        var histogram = Self.histogram([3e38, -3e38, 1])
        #expect(histogram.total == 1)
        histogram.merge(Self.histogram([-1e33, 1e33]))
        #expect(histogram.total == 3)
    }

    @Test(arguments: [5, 6] as [UInt64])
    func damagedBytesNeverTrap(seed: UInt64) throws {
        let bytes = Self.histogram(Self.values(300, scale: 1, seed: 4)).encoded()
        var random = SeededRandom(Seed(seed))
        var refused = 0
        for _ in 0..<3000 {
            var damaged = bytes
            for _ in 0...random.below(3) {
                damaged[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
            }
            do {
                var histogram = try ActivationHistogram(decoding: damaged)
                histogram.merge(Self.histogram([1, -1e20]))
                #expect(histogram.range(.minMax).isValid)
            } catch { refused += 1 }
        }
        #expect(refused > 100, "seed \(seed)")
    }

    @Test(
        arguments: [
            (RangeSearch.percentile(0.999), 40), (.leastSquares, 4000), (.divergence, 40), (.meanDiscrepancy, 4000),
        ] as [(RangeSearch, Float)])
    func searchesLeaveOutAnOutlier(search: RangeSearch, outlier: Float) {
        let histogram = Self.histogram(Self.values(20_000, scale: 1, seed: 8) + [outlier])
        let range = histogram.range(search)
        #expect(range.high < outlier)
        #expect(range.high >= 2)
        #expect(range.low <= -0.3)
    }

    @Test(arguments: [RangeSearch.leastSquares, .divergence, .meanDiscrepancy])
    func searchesKeepAUniformDistributionWhole(search: RangeSearch) {
        let histogram = Self.histogram((0...20_000).map { Float($0) / 20_000 - 0.25 })
        let range = histogram.range(search)
        #expect(range.high > 0.7 && range.low < -0.23, "\(range)")
    }

    @Test func wideningMovesBothEndsOut() {
        let histogram = Self.histogram([-1, 0.5, 3])
        let seen = histogram.range(.minMax)
        #expect(histogram.range(.widened(1)) == seen)
        #expect(histogram.range(.widened(2)) == ActivationRange(low: 2 * seen.low, high: 2 * seen.high))
        #expect(Self.histogram([0, 3]).range(.widened(2)).low == 0)
    }
}
