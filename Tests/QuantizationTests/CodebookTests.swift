import Quantization
import Tensors
import Testing

struct CodebookTests {
    static func squaredError(_ values: [Float], _ codebook: Codebook) -> Double {
        zip(values, codebook.values(of: codebook.indices(of: values))).reduce(0.0) {
            $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
        }
    }

    /// The least squared error by the textbook recurrence, every split tried and every cost summed anew.
    static func leastError(_ values: [Float], count: Int) -> Double {
        let sorted = values.sorted().map { Double($0) }
        func cost(_ from: Int, _ to: Int) -> Double {
            let mean = sorted[from..<to].reduce(0, +) / Double(to - from)
            return sorted[from..<to].reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
        var costs = (0...sorted.count).map { $0 == 0 ? 0 : cost(0, $0) }
        for _ in 1..<count {
            var next = costs
            for end in 1...sorted.count {
                for start in 1..<max(end, 2) where start < end {
                    next[end] = min(next[end], costs[start] + cost(start, end))
                }
            }
            costs = next
        }
        return costs[sorted.count]
    }

    @Test(arguments: [1, 2, 5, 30, 73], [2, 3, 7, 16])
    func optimumIsTheOptimum(size: Int, count: Int) throws {
        for seed in 1...4 as ClosedRange<UInt64> {
            let values = TensorFixture.normal(size, seed: seed)
            let error = Self.squaredError(values, try Codebook.optimal(for: values, count: count))
            let least = Self.leastError(values, count: count)
            #expect(abs(error - least) <= least * 1e-4 + 1e-9, "seed \(seed)")
        }
    }

    @Test(arguments: [2, 4, 16, 64, 256])
    func lloydAndBinsComeCloseToTheOptimum(count: Int) throws {
        let values = TensorFixture.normal(5000, seed: 9)
        let least = Self.squaredError(values, try Codebook.optimal(for: values, count: count))
        let lloyd = Self.squaredError(values, try Codebook.lloyd(for: values, count: count, seed: Seed(2)))
        let binned = Self.squaredError(values, try Codebook.nearlyOptimal(for: values, count: count, bins: 4096))
        #expect(lloyd >= least * 0.9999 && lloyd < least * 1.25)
        #expect(binned >= least * 0.9999 && binned < least * 1.02)
    }

    @Test func repeatedValuesAreWeighedByTheirNumber() throws {
        let values: [Float] = [0, 0, 0, 0, 1, 10, 10, 11]
        let codebook = try Codebook.optimal(for: values, count: 2)
        #expect(codebook.centroids == [0.2, Float(31.0 / 3)])
        #expect(try Codebook.lloyd(for: values, count: 2, seed: Seed(1)).centroids == codebook.centroids)
    }

    @Test func precisionSurvivesFarFromZero() throws {
        let values: [Float] = [1_000_000, 1_000_001, 1_000_010, 1_000_011]
        #expect(try Codebook.optimal(for: values, count: 2).centroids == [1_000_000.5, 1_000_010.5])
    }

    @Test(arguments: [1, 2, 15, 16, 17, 255, 256])
    func indicesAreThoseOfTheNearestCentroid(count: Int) throws {
        let codebook = try Codebook(centroids: TensorFixture.normal(count, seed: 3))
        let values = TensorFixture.normal(2000, seed: 4)
        for (value, index) in zip(values, codebook.indices(of: values)) {
            let chosen = abs(value - codebook.centroids[Int(index)])
            let nearest = codebook.centroids.reduce(Float.infinity) { min($0, abs(value - $1)) }
            #expect(chosen <= nearest * 1.00001)
        }
    }

    @Test func indexWidthCountsTheBitsOfTheLargestIndex() throws {
        for (count, width) in [(1, 0), (2, 1), (3, 2), (16, 4), (17, 5), (256, 8)] {
            #expect(try Codebook(centroids: (0..<count).map { Float($0) }).indexWidth == width)
        }
    }

    @Test(arguments: [-1, 0, 1, 257])
    func refusesOtherCounts(count: Int) {
        #expect(throws: QuantizationError.unsupportedCentroidCount(count)) {
            try Codebook.optimal(for: [1, 2], count: count)
        }
        #expect(throws: QuantizationError.unsupportedCentroidCount(count)) {
            try Codebook.lloyd(for: [1, 2], count: count, seed: Seed(1))
        }
        #expect(throws: QuantizationError.unsupportedCentroidCount(count)) {
            try CodebookQuantizer(centroidCount: count)
        }
        #expect(throws: QuantizationError.self) { try Codebook(centroids: []) }
    }

    @Test func refusesATableBeyondTheCap() {
        let values = (0..<(1 << 18 + 1)).map { Float($0) }
        #expect(throws: QuantizationError.codebookTooLarge(distinctValues: 1 << 18 + 1, centroids: 256)) {
            try Codebook.optimal(for: values, count: 256)
        }
    }
}
