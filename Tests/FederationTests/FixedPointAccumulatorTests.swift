import Federation
import Tensors
import Testing

struct FixedPointAccumulatorTests {
    private static func updates(_ count: Int, parameters: Int, seed: UInt64) -> [(values: [Float], weight: Int)] {
        var random = SeededRandom(Seed(seed))
        return (0..<count).map { _ in
            ((0..<parameters).map { _ in (random.unitFloat() - 0.5) * 8 }, 1 + random.below(1000))
        }
    }

    @Test(arguments: [0, 1, 7, 1000]) func sumsAlikeInAnyOrderAndOverAnyWorkers(parameters: Int) throws {
        var updates = Self.updates(20, parameters: parameters, seed: 3)
        var first = FixedPointAccumulator(parameterCount: parameters)
        for update in updates { try first.add(update.values, weight: update.weight) }
        var random = SeededRandom(Seed(4))
        for workers in 1...5 {
            random.shuffle(&updates)
            var parts = [FixedPointAccumulator](repeating: .init(parameterCount: parameters), count: workers)
            for (index, update) in updates.enumerated() {
                try parts[index % workers].add(update.values, weight: update.weight)
            }
            var sum = FixedPointAccumulator(parameterCount: parameters)
            for part in parts.reversed() { try sum.merge(part) }
            #expect(sum == first)
        }
    }

    @Test func meanIsTheWeightedMean() throws {
        let updates = Self.updates(50, parameters: 33, seed: 5)
        var sum = FixedPointAccumulator(parameterCount: 33)
        for update in updates { try sum.add(update.values, weight: update.weight) }
        let mean = try #require(sum.mean())
        let total = updates.reduce(0.0) { $0 + Double($1.weight) }
        for index in 0..<33 {
            let expected = updates.reduce(0.0) { $0 + Double($1.values[index]) * Double($1.weight) } / total
            #expect(abs(Double(mean[index]) - expected) < 1e-6)
        }
        #expect(sum.count == 50)
    }

    @Test(arguments: [Float(1024), -1024, 0x1p-29, -0x1p-29, 0x1.8p-28, 0, -0.0, .leastNonzeroMagnitude, 0.1])
    func roundsToTheNearestStep(value: Float) throws {
        var sum = FixedPointAccumulator(parameterCount: 1)
        try sum.add([value], weight: 1)
        #expect(sum.sums == [Int64((Double(value) * 0x1p28).rounded(.toNearestOrEven))])
    }

    @Test(arguments: [Float(1), -1]) func holdsTheLargestSumThereIs(sign: Float) throws {
        var sum = FixedPointAccumulator(parameterCount: 1)
        let half = FixedPointAccumulator.maximumWeight / 2
        for _ in 0..<2 { try sum.add([sign * FixedPointAccumulator.maximumMagnitude], weight: half) }
        #expect(sum.mean() == [sign * 1024])
        #expect(throws: FederationError.weightOutOfRange(1)) { try sum.add([0], weight: 1) }
        #expect(throws: FederationError.weightOutOfRange(1)) {
            var other = FixedPointAccumulator(parameterCount: 1)
            try other.add([0], weight: 1)
            try sum.merge(other)
        }
    }

    @Test func staysAsItIsAfterAnError() throws {
        var sum = FixedPointAccumulator(parameterCount: 2)
        try sum.add([1, 2], weight: 3)
        let before = sum
        #expect(throws: FederationError.notFinite(index: 1)) { try sum.add([1, .nan], weight: 1) }
        #expect(throws: FederationError.notFinite(index: 0)) { try sum.add([-.infinity, 2000], weight: 1) }
        #expect(throws: FederationError.outOfRange(index: 1)) { try sum.add([1, -1024.001], weight: 1) }
        #expect(throws: FederationError.shapeMismatch(expected: 2, actual: 1)) { try sum.add([1], weight: 1) }
        #expect(throws: FederationError.weightOutOfRange(0)) { try sum.add([1, 1], weight: 0) }
        #expect(throws: FederationError.weightOutOfRange(-5)) { try sum.add([1, 1], weight: -5) }
        #expect(throws: FederationError.weightOutOfRange(.max)) { try sum.add([1, 1], weight: .max) }
        #expect(throws: FederationError.shapeMismatch(expected: 2, actual: 3)) {
            try sum.merge(FixedPointAccumulator(parameterCount: 3))
        }
        #expect(sum == before)
    }

    @Test func hasNoMeanWithoutUpdates() { #expect(FixedPointAccumulator(parameterCount: 4).mean() == nil) }

    @Test func averagesEachParameterOverThoseThatTrainedIt() throws {
        var sum = FixedPointAccumulator(parameterCount: 4)
        try sum.add([1, 2, 3, 4], weight: 1)
        try sum.add([9, 9, 6, 8], weight: 2, from: 2)
        var other = FixedPointAccumulator(parameterCount: 4)
        try other.add([9, 6, 12, 16], weight: 1, from: 1)
        try sum.merge(other)
        #expect(sum.mean() == [1, 4, 6.75, 9])
        #expect(sum.weight == 4)
    }

    @Test(arguments: [0, 1, 3, 4]) func leavesWhatNobodyTrained(_ first: Int) throws {
        var sum = FixedPointAccumulator(parameterCount: 4)
        try sum.add([2, 2, 2, 2], weight: 3, from: first)
        #expect(sum.mean() == (0..<4).map { $0 < first ? 0 : 2 })
    }
}
