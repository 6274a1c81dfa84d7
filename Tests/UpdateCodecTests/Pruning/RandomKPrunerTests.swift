import Tensors
import Testing
import UpdateCodec

struct RandomKPrunerTests {
    @Test func bothSidesDrawTheSameWithoutTheUpdate() throws {
        let layout = try CodecFixture.layout()
        let pruner = try RandomKPruner(fraction: 0.05)
        let update = CodecFixture.update(layout, seed: 3)
        let support = try pruner.support(of: update, layout: layout, context: CodecFixture.context)
        #expect(support == pruner.support(layout: layout, context: CodecFixture.context))
        #expect(support.count == 44)
        let other = CodecContext(seed: CodecFixture.context.seed, round: CodecFixture.context.round + 1)
        #expect(support != pruner.support(layout: layout, context: other))
    }

    @Test func everyPositionIsEquallyLikely() throws {
        let layout = try ParameterLayout([("a/w", [20], .vector)])
        let pruner = try RandomKPruner(fraction: 0.25)
        var counts = [Double](repeating: 0, count: 20)
        for round in 0..<8000 {
            let context = CodecContext(seed: Seed(1), round: round)
            for position in pruner.support(layout: layout, context: context) { counts[Int(position)] += 1 }
        }
        // 2000 expected, with a standard deviation of 39.
        #expect(counts.allSatisfy { abs($0 - 2000) < 200 })
    }
}
