import Privacy
import Tensors
import Testing

struct TreeNoiseTests {
    private static func generator(_ node: TreeNoise.Node) -> SeededRandom {
        SeededRandom(Seed(99).derived("node", node.level, node.index))
    }

    @Test func runningSumHasTheNoiseOfItsNodes() throws {
        let noise = try CentralNoise(noiseMultiplier: 1, clip: 1, parameterCount: 3, fractionBits: 28)
        let tree = TreeNoise(noise: noise)
        var running = [Int64](repeating: 0, count: 3)
        for round in 1...21 {
            let increment = tree.increment(at: round, count: 3, generator: Self.generator)
            for index in running.indices { running[index] += increment[index] }
            var expected = [Int64](repeating: 0, count: 3)
            for level in 0..<8 where (round >> level) & 1 == 1 {
                var random = Self.generator(.init(level: level, index: round >> level))
                for (index, value) in noise.draw(3, using: &random).enumerated() { expected[index] += value }
            }
            #expect(running == expected, "round \(round)")
        }
    }

    @Test func everyRoundIsInAsManyNodesAsTheAccountantCounts() {
        // Over 2^k − 1 rounds no running sum has more than k nodes, and no round is covered by more than k.
        var covered: [Int: Int] = [:]
        for round in 1...15 {
            let added = TreeNoise.change(at: round).added
            for leaf in ((added.index - 1) << added.level) + 1...added.index << added.level {
                covered[leaf, default: 0] += 1
            }
        }
        #expect(covered.count == 15)
        #expect(covered.values.max() == 4)
    }
}
