import Tensors
import Testing
import UpdateCodec

struct TwoOfFourPrunerTests {
    @Test func keepsTwoOfEveryFourWithinRows() throws {
        let layout = try ParameterLayout([("a/w", [2, 5], .weight), ("a/b", [2], .vector)])
        var update: [Float] = [1, 2, 3, 4, 5, -4, -3, 2, 2, 0, 7, 8]
        try TwoOfFourPruner().prune(&update, layout: layout, context: CodecFixture.context)
        #expect(update == [0, 0, 3, 4, 5, -4, -3, 0, 0, 0, 7, 8])
    }

    @Test func noGroupKeepsMoreThanTwo() throws {
        let layout = try ParameterLayout([("a/w", [7, 64], .weight)])
        let update = CodecFixture.update(layout, seed: 1)
        let support = try TwoOfFourPruner().support(of: update, layout: layout, context: CodecFixture.context)
        #expect(support.count == 7 * 32)
        for group in 0..<(7 * 16) { #expect(support.filter { Int($0) / 4 == group }.count == 2) }
    }
}
