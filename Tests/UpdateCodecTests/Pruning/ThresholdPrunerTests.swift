import Tensors
import Testing
import UpdateCodec

struct ThresholdPrunerTests {
    @Test func keepsWhatReachesTheThreshold() throws {
        let layout = try ParameterLayout([("a/w", [5], .vector)])
        let update: [Float] = [0.5, -0.5, 0.49, 0, -2]
        let support = try ThresholdPruner(threshold: 0.5).support(
            of: update, layout: layout, context: CodecFixture.context)
        #expect(support == [0, 1, 4])
    }

    @Test(arguments: [-1, .nan, .infinity] as [Float])
    func refusesImpossibleThresholds(threshold: Float) {
        #expect(throws: CodecError.self) { try ThresholdPruner(threshold: threshold) }
    }
}
